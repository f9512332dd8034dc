import {isBlank} from './is-blank.ts'
import type {RunOptions} from '../shell.ts'
import {quoteFish, quotePosix} from './quote.ts'

/** What a command reads, and whether a terminal shows what it prints. */
export type CommandStdio = Pick<RunOptions, 'stdin' | 'isPlain'>

/** The environment of a command whose output no terminal shows. */
const PLAIN_VARIABLES = {PAGER: 'cat', GIT_PAGER: 'cat', TERM: 'dumb', NO_COLOR: '1', LS_COLORS: '', COLORTERM: ''}
const PLAIN_CALL = '{ __holdfast_plain "$?" "$_" && : "$_"; } 2>/dev/null; '

/** A text without a command cannot be a group, and needs none. */
export function groupIfNeeded(
  command: string,
  {stdin, isPlain = false}: CommandStdio,
  group: (command: string, stdio: CommandStdio) => string,
): string {
  return (stdin === undefined && !isPlain) || isBlank(command) ? command : group(command, {stdin, isPlain})
}

/**
 * A command of a POSIX shell as a group, with a redirection around it: it still runs in the shell itself. The blank keeps it
 * out of the histories that want that. `isPlain` needs the functions of `plainScript`.
 */
export function groupPosix(command: string, {stdin, isPlain = false}: CommandStdio): string {
  const from = stdin === undefined ? '' : ` <${quotePosix(stdin)}`
  return ` { ${isPlain ? PLAIN_CALL : ''}${command}\n}${from}`
}

/** The same for fish, whose blocks have variables of their own. It keeps no line that begins with a blank in its history. */
export function groupFish(command: string, {stdin, isPlain = false}: CommandStdio): string {
  const sets = Object.entries(PLAIN_VARIABLES).map(([name, value]) => `set -lx ${name} ${quoteFish(value)}; `)
  const from = stdin === undefined ? '' : ` <${quoteFish(stdin)}`
  // On one line if that is possible: of several, fish draws more than their text.
  const separator = /[#\n]/.test(command) ? '\n' : '; '
  return ` begin; ${isPlain ? sets.join('') : ''}${command}${separator}end${from}`
}

/**
 * Functions of a POSIX shell: one sets the variables, called with the status and $_; the other, for a later prompt, restores
 * those that the command has not changed. `builtin`: put before each builtin command.
 */
export function plainScript(builtin: '' | 'builtin '): string {
  const entries = Object.entries(PLAIN_VARIABLES)
  const lines = (line: (name: string, value: string) => string) =>
    entries.map(([name, value]) => `  ${line(name, quotePosix(value))}`).join('\n')
  return `__holdfast_plain() {
  __holdfast_is_plain=1
${lines((name, value) => `__holdfast_had_${name}=\${${name}+set} __holdfast_was_${name}=\${${name}-}; ${builtin}export ${name}=${value}`)}
  ${builtin}return "$1"
}
__holdfast_unplain() {
  case \${__holdfast_is_plain-} in '') ${builtin}return 0 ;; esac
${lines((name, value) => `case \${${name}-}\${__holdfast_had_${name}} in ${value}) ${builtin}unset ${name} ;; ${value}set) ${builtin}export ${name}="$__holdfast_was_${name}" ;; esac`)}
  ${builtin}unset __holdfast_is_plain ${entries.map(([name]) => `__holdfast_had_${name} __holdfast_was_${name}`).join(' ')}
}
`
}
