/**
 * Prints what the last test run counted as one plain line: `N passed, N failed`. Exits with 1 when something failed or nothing ran.
 */
import { existsSync, readFileSync } from 'node:fs'

const file = new URL('../test-results/report.json', import.meta.url)
type Report = { numPassedTests: number; numFailedTests: number; numFailedTestSuites: number; numPendingTests: number }

if (!existsSync(file)) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}
const report = JSON.parse(readFileSync(file, 'utf8')) as Report
// A file that cannot even be loaded has no failed tests, only a failed suite.
const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0)
console.log(`${report.numPassedTests} passed, ${failed} failed`)
process.exit(failed > 0 || report.numPassedTests === 0 ? 1 : 0)
