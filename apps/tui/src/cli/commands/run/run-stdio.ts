import {fstatSync, readFileSync, statSync} from 'node:fs'
import {isatty} from 'node:tty'

import type {Stdin} from '@holdfast/protocol'

export interface StdioFacts {
  /** `nothing`: /dev/null. `stream`: a pipe, a file, a socket. */
  stdin: 'terminal' | 'nothing' | 'stream'
  isStdoutTerminal: boolean
  /** The process may read its terminal, and change its modes, without being stopped. */
  isForeground: boolean
}

export interface StdioOptions {
  wait: boolean
  /** `--tty` or `--no-tty`. @default whether stdout is a terminal */
  tty?: boolean | undefined
}

export interface StdioPlan {
  /** What the command reads; its terminal if undefined. */
  stdin: Stdin | undefined
  /** No terminal shows what it prints. */
  isPlain: boolean
  /** Keys go to the command's terminal, one by one. */
  passesKeys: boolean
}

/** Where a command reads from and prints to. Pure. */
export function planStdio({stdin, isStdoutTerminal, isForeground}: StdioFacts, {wait, tty}: StdioOptions): StdioPlan {
  // What nobody waits for keeps its terminal: `send` and `attach` type into it.
  if (!wait) return {stdin: undefined, isPlain: tty === false, passesKeys: false}
  const isPlain = !(tty ?? isStdoutTerminal)
  const passesKeys = stdin === 'terminal' && isStdoutTerminal && isForeground && !isPlain
  if (passesKeys) return {stdin: undefined, isPlain, passesKeys}
  // Of a terminal: lines, which its driver edits.
  const isRead = stdin === 'stream' || (stdin === 'terminal' && isForeground)
  return {stdin: isRead ? 'pipe' : 'none', isPlain, passesKeys}
}

/** Looks at stdin without reading it. `json`: stdout gets events, and shows no output. */
export function findStdio({json = false}: {json?: boolean | undefined}): StdioFacts {
  return {stdin: kindOfStdin(), isStdoutTerminal: isatty(1) && !json, isForeground: hasTerminal()}
}

function kindOfStdin(): StdioFacts['stdin'] {
  try {
    const found = fstatSync(0)
    if (!found.isCharacterDevice()) return 'stream'
    // A closed stdin is /dev/null, too: Node opens it.
    if (found.rdev === statSync('/dev/null').rdev) return 'nothing'
    return isatty(0) ? 'terminal' : 'stream'
  } catch {
    return 'nothing'
  }
}

/** Whether the process group of this process has its terminal. */
function hasTerminal(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return group === foregroundGroup
  } catch {
    // Without /proc it is the rule.
    return true
  }
}
