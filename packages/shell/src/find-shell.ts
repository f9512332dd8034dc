import {accessSync, constants, realpathSync, statSync} from 'node:fs'
import {basename, delimiter, join} from 'node:path'

import {isHookedShellName, type HookedShellName} from '@holdfast/run-completion'

import {ShellError} from './shell-error.ts'
import type {CompletionStrategy} from './shell.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What an account without a shell has as one. */
const NO_SHELLS = ['nologin', 'false']
const USUAL_SHELLS = ['bash', 'zsh', 'sh']

/** The shell to start: `path` if given, or the program of that name on `$PATH`; else `$SHELL`; else the first bash, zsh or sh. */
export function findShell(path: string | undefined, env: Environment): string {
  const {SHELL = '', PATH = ''} = env
  const named = (name: string) => PATH.split(delimiter).map((folder) => join(folder, name))
  if (path !== undefined) {
    const found = [path, ...(path.includes('/') ? [] : named(path))].find(
      (each) => each.includes('/') && isProgram(each),
    )
    if (found === undefined) throw new ShellError('not-startable', `Expected \`path\` to be a program, got \`${path}\``)
    return found
  }
  if (!NO_SHELLS.includes(basename(SHELL)) && isProgram(SHELL)) return SHELL
  const found = USUAL_SHELLS.flatMap(named).find(isProgram)
  if (found === undefined)
    throw new ShellError('not-startable', `Expected a shell on \`$PATH\`, got none in \`${PATH}\``)
  return found
}

/** What kind of shell this is, by its name, or by that of the program to which it leads. */
export function hookedNameOf(path: string): HookedShellName | undefined {
  return [path, realpathSync(path)].map((each) => basename(each).replace(/-[\d.]+$/, '')).find(isHookedShellName)
}

/** How the end of a run is known in this shell. */
export function strategyOf(path: string): CompletionStrategy {
  return hookedNameOf(path) === undefined ? 'sentinel' : 'hooks'
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
