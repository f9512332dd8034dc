import {accessSync, constants} from 'node:fs'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'

import {UserError} from './user-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where all state is kept: `$HOLDFAST_HOME`, else `$XDG_STATE_HOME/holdfast`, else `~/.local/state/holdfast`. */
export function findHome(environment: Environment = process.env): string {
  const {HOLDFAST_HOME, XDG_STATE_HOME} = environment
  if (HOLDFAST_HOME) return resolve(HOLDFAST_HOME)
  // The specification has it that a relative path is to be ignored.
  return XDG_STATE_HOME?.startsWith('/') ? join(XDG_STATE_HOME, 'holdfast') : join(homedir(), '.local/state/holdfast')
}

/** How long a host lives on that nobody needs, ms: `$HOLDFAST_IDLE_HOURS`; `undefined` where it is not set. */
export function findIdleMs({HOLDFAST_IDLE_HOURS}: Environment = process.env): number | undefined {
  if (!HOLDFAST_IDLE_HOURS) return undefined
  const hours = Number(HOLDFAST_IDLE_HOURS)
  if (hours > 0) return hours * 3_600_000
  throw new UserError(`expected HOLDFAST_IDLE_HOURS to be a number above 0, got \`${HOLDFAST_IDLE_HOURS}\``)
}

/** Where this process is. */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new UserError('the current folder is gone; go to another one', {cause: error})
  }
}

/** Whether there is a program of this name on the `PATH`. */
export function isProgram(name: string, {PATH = ''}: Environment = process.env): boolean {
  return PATH.split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** How this program starts another process of itself. */
export function ownCommand(...words: string[]): readonly [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL('./cli.js', import.meta.url)), ...words]
}

/** The program that is the gateway: `$HOLDFAST_GATEWAY`, else this one. */
export function gatewayCommand(environment: Environment = process.env): readonly [string, ...string[]] {
  const {HOLDFAST_GATEWAY} = environment
  return HOLDFAST_GATEWAY ? [HOLDFAST_GATEWAY, 'gateway'] : ownCommand('gateway')
}
