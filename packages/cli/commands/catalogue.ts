import { Command } from 'commander'

/** `couplet catalogue stats`: what this installation offers, in numbers. */
export function catalogueCommand(): Command {
  const catalogue = new Command('catalogue').description('What Couplet can do')
  catalogue.addCommand(
    new Command('stats')
      .description('Count the operations by connector, kind, heading and state; needs no running Couplet')
      .option('--json', 'print the numbers as JSON')
      .action(stats),
  )
  return catalogue
}

async function stats(options: { json?: boolean }): Promise<void> {
  // All connectors come with it, so it is loaded only when it is meant.
  const { catalogueReport, catalogueTable } = await import('@couplet/server')
  const report = catalogueReport()
  if (options.json) {
    console.log(JSON.stringify(report, undefined, 2))
    return
  }
  console.log(columns(catalogueTable('connector', report.byConnector, report.total)))
  console.log(
    `\n${columns([['effect', 'operations'], ...Object.entries(report.byEffect).map(([effect, count]) => [effect, String(count)])])}`,
  )
  console.log(`\n${columns(catalogueTable('heading', report.byModule))}`)
}

/** A table in columns: the first to the left, the others to the right. */
function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)))
  return lines
    .map((line) =>
      line.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  '),
    )
    .join('\n')
}
