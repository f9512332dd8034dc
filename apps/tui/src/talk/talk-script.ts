import type {Client} from '@holdfast/client'
import {describeStatus, exitCodeOf} from '@holdfast/session-view'

import {printError} from '../process/print-error.ts'
import {parseTalkLine} from './talk-commands.ts'
import {UserError} from '../process/user-error.ts'
import type {RunOver, TalkSession} from './talk-session.ts'

export interface ScriptOptions {
  client: Client
  /** The lines; read no further than they are run. */
  lines: AsyncIterable<string>
  /** Opens the session; called once, for the first prompt. */
  open: () => Promise<TalkSession>
  /** Runs a slash command; `false`: leave. */
  onCommand: (name: string, argument: string) => Promise<boolean>
}

/**
 * Runs lines one by one, as `sh` does, and resolves with the exit code of the last. An incomplete line is joined with the
 * next ones. They are not queued ahead: only the shell knows whether a command is complete, and lines inside an `if false`
 * must not run. Ends early at `exit`, at Ctrl-C, and when the shell died, since later lines may depend on its state.
 */
export async function runScript({client, lines, open, onCommand}: ScriptOptions): Promise<number> {
  let session: TalkSession | undefined
  let status = 0
  /** The lines so far of an incomplete command. */
  let begun = ''
  let last: Extract<RunOver, {kind: 'complete'}> | undefined

  for await (const line of lines) {
    if (begun === '' && isBlankOrComment(line)) continue
    const read = begun === '' ? parseTalkLine(line, session?.agentCommands) : {kind: 'prompt' as const}
    if (read.kind === 'refused') throw new UserError(read.why, {code: 'usage'})
    if (read.kind === 'command') {
      if (await onCommand(read.name, read.argument)) continue
      return status
    }
    if (session !== undefined && last !== undefined && (await shellHasExited(client, session.id, last.seq)))
      return status
    session ??= await open()
    const text = begun + line
    if (await session.isIncomplete(text)) {
      begun = `${text}\n`
      continue
    }
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
    if (payload.reason !== 'user') printError(`${describeStatus(payload)}; the rest of the script is not run`)
    return status
  }
  if (begun === '') return status
  throw new UserError('the command is incomplete: a quote, a bracket, a heredoc or what follows a `|` is missing', {
    code: 'usage',
  })
}

/** Shells skip such lines in scripts; interactive ones may not accept comments. */
function isBlankOrComment(line: string): boolean {
  const text = line.trim()
  return text === '' || text.startsWith('#')
}

/** Rejects when the session is out of reach: a script cannot ask for another try. */
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

/** The log has `shell.exited` right after the end of a command that ended its shell. */
async function shellHasExited(client: Client, sessionId: string, seq: number): Promise<boolean> {
  const {events} = await client.request('session.events', {session_id: sessionId, after_seq: seq, limit: 1})
  return events[0]?.type === 'shell.exited'
}
