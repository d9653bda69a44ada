import { spawnSync } from 'node:child_process'

/* Every place with every victim, where the usual tests kill at some of them. A script of Node, so that it works on every system. */
const { status } = spawnSync('npx', ['vitest', 'run', 'tests/crash', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, FULL: '1' },
})
process.exitCode = status ?? 1
