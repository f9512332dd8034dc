import type {Client} from '@holdfast/client'

import {complain} from '../process/complain.ts'
import {describeStatus} from '../format/outcomes.ts'
import {parseTalkLine} from './talk-commands.ts'
import {UserError} from '../process/user-error.ts'
import {exitCodeOf} from '../format/exit-code.ts'
import type {RunOver, TalkSession} from './talk-session.ts'

export interface ScriptOptions {
  client: Client
  /** What is entered; read no further than it is run. */
  lines: AsyncIterable<string>
  /** Opens the session, once, when something is to be run in it. */
  open: () => Promise<TalkSession>
  /** Does what a word asks for; `false`: it wants to leave. */
  onCommand: (word: string, session: TalkSession | undefined) => Promise<boolean>
}

/** As the shells have it: what was read makes no command. */
const syntaxErrorCode = 2

/**
 * Runs lines one by one, as `sh` does, and gives the status of the last. A line that is the beginning of a command gets
 * the next ones. It ends before its last line where a shell would: at an `exit`, at Ctrl-C; and when its shell died, since
 * the lines behind may count on what that shell knew.
 */
export async function runScript({client, lines, open, onCommand}: ScriptOptions): Promise<number> {
  let session: TalkSession | undefined
  let status = 0
  /** What was read of a command that goes on in the next line. */
  let begun = ''
  let last: Extract<RunOver, {kind: 'complete'}> | undefined

  for await (const line of lines) {
    if (begun === '' && saysNothing(line)) continue
    const read = begun === '' ? parseTalkLine(line) : {kind: 'prompt' as const}
    if (read.kind === 'refused') throw new UserError(read.why, {exitCode: 2})
    if (read.kind === 'command') {
      if (await onCommand(read.name, session)) continue
      return status
    }
    if (session !== undefined && last !== undefined && (await shellHasExited(client, session.id, last.seq)))
      return status
    session ??= await open()
    const text = begun + line
    const over = await runReachable(session, text)
    if (over.kind === 'closed') throw new UserError('the session was closed')
    last = over
    const {payload} = over
    if (payload.reason === 'incomplete-input') {
      begun = `${text}\n`
      continue
    }
    begun = ''
    status = exitCodeOf(payload)
    if (payload.status === 'complete') continue
    if (payload.reason !== 'user') complain(`${describeStatus(payload)}; what comes after it is not run`)
    return status
  }
  if (begun === '') return status
  throw new UserError('a quote, a bracket or a heredoc was left open', {exitCode: syntaxErrorCode})
}

/** No shell of ours does anything on such a line, though one at a terminal may stumble over a comment. */
function saysNothing(line: string): boolean {
  const text = line.trim()
  return text === '' || text.startsWith('#')
}

/** Rejects when the session cannot be reached any more: nobody is there who could ask for another try. */
async function runReachable(session: TalkSession, text: string): Promise<RunOver> {
  const run = session.run(text)
  for (;;) {
    if (session.outOfReach !== undefined) {
      run.catch(() => undefined)
      throw new UserError(session.outOfReach)
    }
    const over = await Promise.race([run, session.reachChanged()])
    if (over !== undefined) return over
  }
}

/** Where a command ended its shell, the log says so right behind its end. */
async function shellHasExited(client: Client, sessionId: string, seq: number): Promise<boolean> {
  const {events} = await client.request('session.events', {session_id: sessionId, after_seq: seq, limit: 1})
  return events[0]?.type === 'shell.exited'
}
