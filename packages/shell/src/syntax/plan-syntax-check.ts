import {basename} from 'node:path'

import type {HookedShellName} from '../hooks/hooked-shell.ts'
import {hookedNameOf} from '../start/find-shell.ts'

/** One process of the shell that only reads: it runs nothing of what it is given. */
export interface SyntaxProbe {
  command: string
  args: readonly string[]
  /** What it reads. */
  stdin: string
  /** Whether what it printed, stderr included, says that the text needs more lines. */
  isIncomplete(printed: string): boolean
  /** What the shell shows before the next line (`$PS2`), by its default, where the text is incomplete. */
  continuation?(printed: string): string | undefined
}

/** Ends in a backslash that is not itself behind a backslash; in a comment or in quotes, it continues nothing. */
const BACKSLASH_AT_END = /(?<!\\)(?:\\\\)*\\$/

/**
 * How to ask a shell whether a text is a complete command, as its own line editor decides between running it and asking for
 * more: the text is incomplete if one of these probes says so. The messages of the shell must be in English. Undefined for a
 * shell that cannot be asked.
 */
export function planSyntaxCheck(path: string, text: string): SyntaxProbe[] | undefined {
  const name = hookedNameOf(path)
  if (name === undefined) return undefined
  const probes = {bash: probePosix, dash: probePosix, zsh: probeZsh, fish: probeFish}[name]
  return probes(text, {name, asSh: basename(path) === 'sh'}).map(({args, ...probe}) => ({
    ...probe,
    command: '/bin/sh',
    // fish reads a file or a pipe, but no socket, which is what a child of Node gets.
    args: ['-c', 'cat | "$@" 2>&1', 'sh', path, ...args],
  }))
}

type Probe = Omit<SyntaxProbe, 'command'>

const continuation = () => '> '

interface Kind {
  name: HookedShellName
  asSh: boolean
}

/** How bash and dash say that the text ended too early. */
const POSIX_END =
  /^[^\n`"]*: (?:line )?\d+: (?:(?:syntax error: )?unexpected (?:end of file|EOF)|Syntax error: (?:end of file unexpected|Unterminated quoted string|EOF in backquote|Missing '\)\)))/m

function probePosix(text: string, {name, asSh}: Kind): Probe[] {
  // Start files of Debian switch extglob on; where it is off, its patterns are errors either way.
  const args = name === 'dash' ? ['-n'] : [...(asSh ? ['--posix'] : []), '-O', 'extglob', '-n']
  return [
    {args, stdin: `${text}\n`, isIncomplete: (printed) => POSIX_END.test(printed), continuation},
    // Without its end, a here-document takes in what is an error anywhere else.
    ...(text.includes('<<') ? [{args, stdin: `${text}\n)\n`, isIncomplete: hasNoError, continuation}] : []),
    ...probeBackslash(text, args, 'fi').map((probe) => ({...probe, continuation})),
  ]
}

/** A word that is an error at the beginning of a line continues the line behind a backslash. */
function probeBackslash(text: string, args: readonly string[], word: string): Probe[] {
  return BACKSLASH_AT_END.test(text) ? [{args, stdin: `${text}\n${word}\n`, isIncomplete: hasNoError}] : []
}

function hasNoError(printed: string): boolean {
  return !/\berror\b|^\S*fish\S*: /im.test(printed)
}

/** In an interactive zsh that runs nothing, from its very start, the prompts show what it asks for. */
const ZSH_PROMPT = /^[^%#]*[%#] /
/** What it asks for, such as `for dquote> `, once for each line. */
const ZSH_CONTINUATION = /(?:[a-z]+ )*[a-z]*> /y
const ZSH = '-f -n -i +m +Z +o promptsp +o promptcr +o banghist -o interactivecomments'.split(' ')

function probeZsh(text: string): Probe[] {
  // An empty line completes nothing but a line that ends with a backslash.
  return [
    {
      args: ZSH,
      stdin: `${text}\n\n`,
      isIncomplete(printed) {
        const prompt = ZSH_PROMPT.exec(printed)?.[0]
        return prompt !== undefined && !printed.endsWith(prompt + prompt)
      },
      continuation(printed) {
        let last: string | undefined
        ZSH_CONTINUATION.lastIndex = ZSH_PROMPT.exec(printed)?.[0].length ?? 0
        for (let next; (next = ZSH_CONTINUATION.exec(printed)?.[0]) !== undefined;) last = next
        return last
      },
    },
  ]
}

/** How fish says that the text ended too early. */
const FISH_END =
  /^\S*: (?:Missing end to balance|Unexpected end of string, (?:quotes|parentheses|expecting '\)')|Expected a command, but found end of the input)/m

function probeFish(text: string): Probe[] {
  const args = ['--no-config', '--no-execute']
  return [
    {args, stdin: `${text}\n`, isIncomplete: (printed) => FISH_END.test(printed)},
    ...probeBackslash(text, args, 'end'),
  ]
}
