import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@couplet/api'
import { userFault } from '@couplet/core'
import type { FlowFileCheck } from '@couplet/server'
import { Command } from 'commander'
import { EXIT, printFault } from '../print-fault.ts'
import { clientFor, withUrl } from './api-client.ts'

/** Flows as files: `pull` writes them, `check` judges them without a running Couplet, `push` brings them back. */
export function flowCommand(): Command {
  const flow = new Command('flow').description('Flows as files, to keep them in git')
  flow.addCommand(
    withUrl(new Command('pull'))
      .description('Write flows as files')
      .argument('[names...]', 'names of flows; none: all')
      .option('--dir <folder>', 'where to write them', '.')
      .action(pull),
  )
  flow.addCommand(
    withUrl(new Command('push'))
      .description('Bring flow files back as drafts; a flow with the same name is replaced. Nothing is sent unless all files are right')
      .argument('<files...>')
      .option('--publish', 'publish each flow afterwards')
      .action(push),
  )
  flow.addCommand(
    new Command('check')
      .description('Check flow files; needs no running Couplet')
      .argument('<files...>')
      .option('--json', 'print the problems as JSON')
      .action(check),
  )
  return flow
}

async function pull(names: string[], options: { url?: string; dir: string }): Promise<void> {
  const client = await clientFor(options)
  const { flows } = await client.flows.list()
  const missing = names.filter((name) => !flows.some((flow) => flow.name === name))
  if (missing.length > 0)
    throw userFault({
      code: 'flow.not_found',
      message: `There is no flow named ${missing.map((name) => `"${name}"`).join(', ')}.`,
      hint: `There are: ${flows.map((flow) => `"${flow.name}"`).join(', ') || 'none'}.`,
    })
  await mkdir(options.dir, { recursive: true })
  for (const flow of flows) {
    if (names.length > 0 && !names.includes(flow.name)) continue
    const { filename, text } = await client.flows.exportFile({ params: { flow: flow.id } })
    const path = join(options.dir, filename)
    const before = await readFile(path, 'utf8').catch(() => undefined)
    if (before !== text) await writeFile(path, text)
    console.log(`${before === undefined ? 'new      ' : before === text ? 'unchanged' : 'changed  '} ${path}`)
  }
}

/** Reads a file; a missing one is a fault that names it. */
async function readFlowFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw userFault(
      { code: 'file.not_readable', message: `The file ${path} cannot be read.`, hint: 'Check the name and your permissions.', place: path },
      error,
    )
  }
}

type Judged = { path: string; text: string; found: FlowFileCheck | undefined }

/** Checks every file and prints what is wrong with it; `found` is missing for a file that is no JSON. */
async function judge(paths: readonly string[], isQuiet: boolean): Promise<Judged[]> {
  const { flowFileChecker } = await import('@couplet/server')
  const checkFile = flowFileChecker()
  const judged: Judged[] = []
  for (const path of paths) {
    const text = await readFlowFile(path)
    try {
      const found = checkFile(text, path)
      judged.push({ path, text, found })
      if (!isQuiet) printProblems(path, found)
    } catch (error) {
      printFault(error)
      judged.push({ path, text, found: undefined })
    }
  }
  return judged
}

function printProblems(path: string, { problems }: FlowFileCheck): void {
  for (const problem of problems) {
    console.error(`${problem.severity === 'error' ? 'Error' : 'Warning'}: ${problem.message}`)
    console.error(`  Where: ${path}${problem.place === '' ? '' : `: ${problem.place}`} · ${problem.code}`)
    console.error(`  To do: ${problem.hint ?? 'Mend it in the file.'}`)
  }
}

const isRight = ({ found }: Judged): boolean =>
  found?.definition !== undefined && !found.problems.some((problem) => problem.severity === 'error')

async function check(paths: string[], options: { json?: boolean }): Promise<void> {
  const judged = await judge(paths, options.json === true)
  if (options.json === true)
    console.log(
      JSON.stringify(
        judged.map((one) => ({ file: one.path, isRight: isRight(one), problems: one.found?.problems ?? [] })),
        undefined,
        2,
      ),
    )
  else for (const one of judged) if (isRight(one)) console.log(`right  ${one.path}`)
  if (!judged.every(isRight)) process.exitCode = EXIT.problems
}

async function push(paths: string[], options: { url?: string; publish?: boolean }): Promise<void> {
  const client = await clientFor(options)
  const judged = await judge(paths, false)
  if (judged.some(({ found }) => found?.definition === undefined)) {
    console.error('Nothing was pushed.')
    process.exitCode = EXIT.problems
    return
  }
  const { flows } = await client.flows.list()
  for (const { path, text, found } of judged) {
    const existing = flows.find((flow) => flow.name === found?.definition?.name)
    const saved = existing
      ? await client.flows.importFile({ params: { flow: existing.id }, body: { text, filename: path } })
      : await client.flows.create({ body: { from: 'file', text, filename: path } })
    console.log(`${existing ? 'replaced' : 'created '} "${saved.name}" from ${path}`)
    if (options.publish === true) await publish(client, saved.id)
  }
}

async function publish(client: Client, id: string): Promise<void> {
  const { version, flow } = await client.flows.publish({ params: { flow: id } })
  console.log(`published "${flow.name}" as version ${version}`)
}
