import {text as readText} from 'node:stream/consumers'

import {mayBeIncomplete} from '@holdfast/protocol'
import {planSyntaxCheck, type SyntaxProbe} from '@holdfast/shell'
import {graces, startChild} from '@holdfast/supervisor'

/**
 * How long a shell may take to read a text, ms. Then the text counts as complete: the shell that gets it sees for itself, but may run its
 * first lines. Who asks for a user who types does not wait so long.
 */
const timeoutMs = 5000
/** A longer text counts as complete, UTF-16 units. */
const maxLength = 1024 * 1024
/** The texts that are checked at a time; one more counts as complete. */
const maxChecks = 8

/**
 * Whether the shell at this path would ask for more lines behind a text; in place of `true`, what it would ask with. Never
 * rejects.
 */
export type SyntaxChecker = (path: string, text: string) => Promise<boolean | string>

/** Asks the shell by processes that run nothing. */
export function createSyntaxChecker(): SyntaxChecker {
  let checks = 0
  /** The last text that was complete: it is checked when it is submitted, and when it runs. */
  let complete: string | undefined

  return async (path, text) => {
    if (text === complete || text.length > maxLength || checks >= maxChecks || !mayBeIncomplete(text)) return false
    const probes = planSyntaxCheck(path, text)
    if (probes === undefined) return false
    checks++
    const answers = await Promise.all(probes.map(ask))
    checks--
    if (answers.every((answer) => answer === false)) complete = text
    return answers.find((answer) => answer !== undefined && answer !== false) ?? false
  }
}

/** Resolves to `undefined` where the shell did not answer. */
async function ask({
  command,
  args,
  stdin,
  isIncomplete,
  continuation,
}: SyntaxProbe): Promise<boolean | string | undefined> {
  const child = startChild({name: 'syntax-check', command, args, cwd: '/', env: probeEnvironment()})
  const timer = setTimeout(() => void child.stop('timeout', graces.probe), timeoutMs)
  child.stdin.end(stdin)
  const [printed, {code}] = await Promise.all([readText(child.stdout).catch(() => ''), child.exited])
  clearTimeout(timer)
  if (code === null) return undefined
  return isIncomplete(printed) && (continuation?.(printed) ?? true)
}

/** Nothing that a shell reads at its start, and messages in English about characters in the encoding of the user. */
function probeEnvironment(): Record<string, string | undefined> {
  const {PATH, LANG, LC_ALL, LC_CTYPE} = process.env
  const none = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]))
  return {...none, PATH, LC_CTYPE: LC_ALL ?? LC_CTYPE ?? LANG, LC_MESSAGES: 'C'}
}
