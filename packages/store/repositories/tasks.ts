import { newId, type RunId, type TaskId, type WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

export type Task = {
  id: TaskId
  key: string
  title: string
  text: string
  link: string | null
  state: 'open' | 'closed'
  closedBecause: string | null
  openedByRun: string | null
  openedAt: number
  closedAt: number | null
}

export type TasksRepository = {
  list(workspaceId: WorkspaceId, state?: 'open' | 'closed'): Promise<Task[]>
  /** Opens a task, or finds the open one with the same key. */
  open(
    workspaceId: WorkspaceId,
    task: { key: string; title: string; text: string; link?: string | undefined; runId?: RunId | undefined },
  ): Promise<{ id: TaskId; isNew: boolean }>
  close(workspaceId: WorkspaceId, key: string, because: string): Promise<boolean>
}

/** What only a person can do, because the vendor's API cannot (creating a planner tag). */
export function tasksRepository(db: Kysely<Tables>): TasksRepository {
  const findOpen = (workspaceId: WorkspaceId, key: string) =>
    db
      .selectFrom('tasks')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('key', '=', key)
      .where('state', '=', 'open')
      .executeTakeFirst()
  return {
    list: async (workspaceId, state) => {
      let query = db.selectFrom('tasks').selectAll().where('workspace_id', '=', workspaceId)
      if (state) query = query.where('state', '=', state)
      const rows = await query.orderBy('id', 'desc').limit(500).execute()
      return rows.map((row) => ({
        id: row.id,
        key: row.key,
        title: row.title,
        text: row.text,
        link: row.link,
        state: row.state,
        closedBecause: row.closed_because,
        openedByRun: row.opened_by_run,
        openedAt: row.opened_at.getTime(),
        closedAt: row.closed_at?.getTime() ?? null,
      }))
    },
    open: async (workspaceId, task) => {
      const row = await db
        .insertInto('tasks')
        .values({
          id: newId('task'),
          workspace_id: workspaceId,
          key: task.key,
          title: task.title,
          text: task.text,
          link: task.link ?? null,
          opened_by_run: task.runId ?? null,
        })
        .onConflict((oc) => oc.columns(['workspace_id', 'key']).where('state', '=', 'open').doNothing())
        .returning('id')
        .executeTakeFirst()
      if (row) return { id: row.id, isNew: true }
      const existing = await findOpen(workspaceId, task.key)
      if (!existing) throw new Error('The task was closed while it was opened again')
      return { id: existing.id, isNew: false }
    },
    close: async (workspaceId, key, because) => {
      const result = await db
        .updateTable('tasks')
        .set({ state: 'closed', closed_because: because, closed_at: new Date() })
        .where('workspace_id', '=', workspaceId)
        .where('key', '=', key)
        .where('state', '=', 'open')
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
  }
}
