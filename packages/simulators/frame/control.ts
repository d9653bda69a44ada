import { isJsonObject } from '@couplet/core'
import { Hono } from 'hono'
import { z } from 'zod'
import type { FaultRule } from './faults.ts'
import type { ControlAction, Setting, SimulatorContext, VendorSimulator } from './simulator.ts'

const FaultBody = z.strictObject({
  kind: z.string(),
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().positive().optional(),
  status: z.int().optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  delayMs: z.number().nonnegative().optional(),
})
const ClockBody = z.strictObject({ advanceMs: z.number().optional(), reset: z.boolean().optional() })

/**
 * The control surface every simulator offers under `/__sim`: reset, seed, settings, faults, clock, inspect, actions.
 * It plays the person in the vendor's web app; the vendor's API never reaches it.
 */
export function controlRoutes<State, Settings extends Record<string, Setting>>(parts: {
  simulator: VendorSimulator<State, Settings>
  context: SimulatorContext<State, Settings>
  settings: Settings
  faults: FaultRule[]
  actions: Record<string, ControlAction>
}): Hono {
  const { simulator, context, settings, faults, actions } = parts
  const app = new Hono()
  const refuse = (message: string) => Response.json({ error: message }, { status: 400 })

  app.get('/', (c) =>
    c.json({
      vendor: simulator.vendor,
      settings,
      faults,
      now: new Date(context.clock.now()).toISOString(),
      actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, action.title])),
    }),
  )
  app.get('/state', (c) => c.json(context.state as object))
  app.get('/requests', (c) => c.json(context.log.list(Number(c.req.query('since')) || 0)))
  app.post('/reset', async (c) => {
    const body: unknown = await c.req.json().catch(() => ({}))
    const kind = isJsonObject(body) && body['seed'] === 'empty' ? 'empty' : 'sample'
    for (const key of Object.keys(context.state as object)) delete (context.state as Record<string, unknown>)[key]
    Object.assign(context.state as object, simulator.seed(kind))
    Object.assign(settings, structuredClone(simulator.settings))
    faults.length = 0
    context.clock.reset()
    context.log.clear()
    context.touch()
    return c.json({ ok: true, seed: kind })
  })
  app.post('/seed', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined)
    if (!isJsonObject(body)) return refuse('Send an object: collection name to rows.')
    const state = context.state as Record<string, unknown>
    const unknown = Object.keys(body).filter((name) => !(name in state))
    if (unknown.length > 0) return refuse(`Unknown collection: ${unknown.join(', ')}. There are: ${Object.keys(state).join(', ')}.`)
    for (const [name, rows] of Object.entries(body)) state[name] = rows
    context.touch()
    return c.json({ ok: true })
  })
  app.patch('/settings', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined)
    if (!isJsonObject(body)) return refuse('Send an object: setting name to value.')
    for (const [name, value] of Object.entries(body)) {
      const setting = settings[name]
      if (!setting) return refuse(`Unknown setting: ${name}. There are: ${Object.keys(settings).join(', ')}.`)
      if (typeof value !== typeof setting.value) return refuse(`${name} must be a ${typeof setting.value}.`)
      if (setting.choices && !setting.choices.includes(String(value)))
        return refuse(`${name} must be one of ${setting.choices.join(', ')}.`)
    }
    for (const [name, value] of Object.entries(body)) {
      const setting = settings[name]
      if (setting) setting.value = value as Setting['value']
    }
    return c.json(settings)
  })
  app.get('/faults', (c) => c.json(faults))
  app.post('/faults', async (c) => {
    const parsed = FaultBody.safeParse(await c.req.json().catch(() => undefined))
    if (!parsed.success) return refuse(z.prettifyError(parsed.error))
    faults.push(JSON.parse(JSON.stringify(parsed.data)) as FaultRule)
    return c.json(faults)
  })
  app.delete('/faults', (c) => {
    faults.length = 0
    return c.json(faults)
  })
  app.post('/clock', async (c) => {
    const parsed = ClockBody.safeParse(await c.req.json().catch(() => undefined))
    if (!parsed.success) return refuse(z.prettifyError(parsed.error))
    if (parsed.data.reset) context.clock.reset()
    if (parsed.data.advanceMs) context.clock.shift(parsed.data.advanceMs)
    return c.json({ now: new Date(context.clock.now()).toISOString(), offsetMs: context.clock.offsetMs() })
  })
  app.post('/actions/:name', async (c) => {
    const action = actions[c.req.param('name')]
    if (!action) return refuse(`Unknown action. There are: ${Object.keys(actions).join(', ')}.`)
    const body: unknown = await c.req.json().catch(() => ({}))
    try {
      const result = await action.run(isJsonObject(body) ? body : {})
      context.touch()
      return c.json({ ok: true, result: result ?? null })
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error))
    }
  })
  return app
}
