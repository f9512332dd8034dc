import type {HookedShellName} from '../hooks/hooked-shell.ts'
import {createCompleter, type Completer, type CompleterOptions} from './completer.ts'
import {createShellState} from './shell-state.ts'
import {sideBash} from './side-bash.ts'
import {sideFish} from './side-fish.ts'
import {sideZsh} from './side-zsh.ts'

export interface ShellCompleterOptions extends Pick<CompleterOptions, 'path' | 'env' | 'temporary'> {
  name: HookedShellName
  /** The path of the link through which the hooks report the state of the shell. */
  stateLink: string
}

const SIDES = {bash: sideBash, zsh: sideZsh, fish: sideFish}
const SYNTAXES = {bash: 'ansi-c', zsh: 'ansi-c', fish: 'fish', dash: 'posix'} as const

/** Completes as a shell with hooks does. Made before the shell starts. */
export function createShellCompleter({name, stateLink, ...options}: ShellCompleterOptions): Completer {
  const side = name === 'dash' ? undefined : {shell: SIDES[name](), state: createShellState(stateLink)}
  return createCompleter({...options, side, syntax: SYNTAXES[name]})
}
