import {readFileSync} from 'node:fs'
import {join} from 'node:path'

import {ROOT} from './root.ts'
import {runCommand, type CommandOptions, type CommandResult} from './run-command.ts'

/** Runs the pinned pnpm in the root; a machine need not have one. `args` are words for a shell. */
export function runPnpm(args: string, options: CommandOptions = {}): Promise<CommandResult> {
  const {packageManager} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {packageManager: string}
  return runCommand('npx', ['--yes', '-p', packageManager, '-c', `pnpm ${args}`], options)
}
