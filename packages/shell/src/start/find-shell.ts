import {realpathSync} from 'node:fs'
import {basename} from 'node:path'

import {isHookedShellName} from '../hooks/hook-shell.ts'
import type {HookedShellName} from '../hooks/hooked-shell.ts'
import {ShellError} from '../shell-error.ts'
import type {CompletionStrategy} from '../shell.ts'
import {findProgram, isProgram, pathsOf} from './find-program.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The shells of accounts that have none. */
const NO_SHELLS = ['nologin', 'false']
const USUAL_SHELLS = ['bash', 'zsh', 'sh']

/**
 * The path of the shell to start: `path`, or the program of that name on `$PATH`; else `$SHELL`; else the first bash, zsh or
 * sh on `$PATH`. Throws `not-startable` if there is none.
 */
export function findShell(path: string | undefined, env: Environment): string {
  const {SHELL = '', PATH = ''} = env
  if (path !== undefined) return findProgram(path, {env, cwd: process.cwd(), what: 'shell'})
  if (!NO_SHELLS.includes(basename(SHELL)) && isProgram(SHELL)) return SHELL
  const found = USUAL_SHELLS.flatMap((name) => pathsOf(name, env)).find(isProgram)
  if (found !== undefined) return found
  throw new ShellError('not-startable', `found no shell on $PATH, which is \`${PATH}\`: set $SHELL to the path of one`)
}

/** The kind of shell, by the name of the file or of the program that it links to. */
export function hookedNameOf(path: string): HookedShellName | undefined {
  return [path, realpathSync(path)].map((each) => basename(each).replace(/-[\d.]+$/, '')).find(isHookedShellName)
}

/** How the end of a command is detected in this shell. */
export function strategyOf(path: string): CompletionStrategy {
  return hookedNameOf(path) === undefined ? 'sentinel' : 'hooks'
}
