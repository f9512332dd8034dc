import {globSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {ROOT} from './root.ts'
import {runCommand, type CommandResult} from './run-command.ts'
import {runPnpm} from './run-pnpm.ts'
import {runVitest} from './run-vitest.ts'
import type {Step, StepResult} from './step.ts'
import {strayFiles} from './stray-files.ts'

/** None takes as long, unless it hangs: the longest takes 6 minutes on two processors. */
const timeoutMs = 1_200_000

/** Everything that guards the project, in the order in which it runs. */
export const STEPS: readonly Step[] = [
  ...[
    check('graph', 'who imports whom, and what nobody may', ...node('tooling/checks/graph.ts')),
    check('format', 'prettier', 'prettier', '--check', '--log-level', 'warn', '.'),
    check('lint', 'oxlint, with types', 'oxlint'),
    check('types', 'tsc over everything, from source', 'tsc', '-p', 'tsconfig.json'),
    check('knip', 'what nobody uses', 'knip', '--no-config-hints'),
    check('readmes', 'the examples in the docs, compiled and run; links', ...node('tooling/checks/readmes.ts')),
  ].map((step) => ({...step, sideBySide: true})),
  {name: 'build', about: 'the packages and the app', run: async () => one(await build())},
  {name: 'unit', about: 'tests of each package and tool', run: () => runVitest('unit', {timeoutMs})},
  {name: 'e2e', about: 'the built `holdfast` in a PTY', needs: ['build'], run: () => runVitest('e2e', {timeoutMs})},
  {...check('packages', 'packed, installed and used', ...node('tooling/checks/packages.ts')), needs: ['build']},
  {...check('faults', 'faults at random moments', ...node('tooling/faults/main.ts')), needs: ['build']},
  strayFiles(),
]

function check(name: string, about: string, command: string, ...args: string[]): Step {
  return {name, about, run: async () => one(await runCommand(command, args, {timeoutMs}))}
}

function node(file: string): [string, ...string[]] {
  return ['node', '--conditions=holdfast-source', file]
}

function build(): Promise<CommandResult> {
  // Else what was built of a file that is gone would be packed.
  for (const folder of globSync('packages/*/dist', {cwd: ROOT})) rmSync(join(ROOT, folder), {recursive: true})
  return runPnpm('-r run build', {timeoutMs})
}

function one({ok, output, status}: CommandResult): StepResult {
  if (ok) return {passed: 1, failed: 0, skipped: []}
  return {passed: 0, failed: 1, skipped: [], output: `${output.trimEnd()}\n(${status})`}
}
