import {constants} from 'node:os'

import type {Client, ClientSession} from '@holdfast/client'
import {createPromptId, type EventPayload} from '@holdfast/protocol'

import {describeEnd} from '../describe-end.ts'
import {UserError} from '../user-error.ts'
import {createJsonPrinter, createOutputPrinter} from './event-printer.ts'
import {toShellLine} from './shell-words.ts'
import {openStandardOutput} from './standard-output.ts'
import {withClient} from './with-client.ts'

export interface RunOptions {
  session?: string
  json?: boolean
  /** Ms. */
  timeout?: number
  wait: boolean
}

/** As `timeout(1)` has it. */
const timedOutExitCode = 124

type End =
  {kind: 'complete'; payload: EventPayload<'message.complete'>} | {kind: 'timed-out'} | {kind: 'left'; exitCode: number}

/** Runs one command in a session, prints what it prints, and exits with its status. */
export async function runCommand(words: readonly string[], options: RunOptions): Promise<void> {
  const text = toShellLine(words)
  if (text.trim() === '') throw new UserError('expected a command after `--`, got an empty one', {exitCode: 2})
  await withClient(async (client) => {
    const sessionId =
      options.session ?? (await client.createSession({cwd: process.cwd(), title: text.slice(0, 60), ...screenSize()}))
    if (options.wait) await runAndWait(client, sessionId, text, options)
    else await submitOnly(client, sessionId, text, options)
  })
}

async function submitOnly(client: Client, sessionId: string, text: string, {json}: RunOptions): Promise<void> {
  const promptId = createPromptId()
  await client.request('prompt.submit', {session_id: sessionId, prompt_id: promptId, text})
  const ids = {session_id: sessionId, prompt_id: promptId}
  process.stdout.write(json ? `${JSON.stringify(ids)}\n` : `${sessionId} ${promptId}\n`)
}

async function runAndWait(client: Client, sessionId: string, text: string, options: RunOptions): Promise<void> {
  const promptId = createPromptId()
  const ended = Promise.withResolvers<End>()
  const stdout = openStandardOutput(() => ended.resolve({kind: 'left', exitCode: 128 + constants.signals.SIGPIPE}))
  const printer = options.json ? createJsonPrinter(stdout.write) : createOutputPrinter(stdout.write, stdout)

  const session = await client.openSession(sessionId, {
    // A session that was there before has a past that is not of this run.
    afterSeq: options.session === undefined ? 0 : await latestSeq(client, sessionId),
    onEvent(event, wire) {
      const isOther = event.type !== 'unknown' && 'prompt_id' in event.payload && event.payload.prompt_id !== promptId
      if (isOther) return
      printer.print(event, wire)
      if (event.type === 'message.complete') ended.resolve({kind: 'complete', payload: event.payload})
      if (event.type === 'session.closed') ended.reject(new UserError(`session ${sessionId} was closed`))
    },
    onStatus(status) {
      if (status.kind === 'gave-up' || status.kind === 'detached') ended.reject(new UserError(status.why))
    },
  })
  const releaseSignals = onSignals(session, (exitCode) => ended.resolve({kind: 'left', exitCode}))
  const timer =
    options.timeout === undefined ? undefined : setTimeout(() => ended.resolve({kind: 'timed-out'}), options.timeout)
  try {
    await session.submit(text, {promptId})
    const end = await ended.promise
    printer.flush()
    await stdout.flushed()
    process.exitCode = exitCodeOf(end, session)
  } finally {
    clearTimeout(timer)
    releaseSignals()
  }
}

async function latestSeq(client: Client, sessionId: string): Promise<number> {
  return (await client.request('session.events', {session_id: sessionId, limit: 1})).latest_seq
}

/** Ctrl-C is for the command; other signals end only this process, the command runs on. */
function onSignals(session: ClientSession, leave: (exitCode: number) => void): () => void {
  const interrupt = () => void session.interrupt().catch(() => leave(128 + constants.signals.SIGINT))
  const terminate = () => leave(128 + constants.signals.SIGTERM)
  const hangUp = () => leave(128 + constants.signals.SIGHUP)
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', hangUp)
  return () => void process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', hangUp)
}

function exitCodeOf(end: End, session: ClientSession): number {
  if (end.kind === 'left') return end.exitCode
  if (end.kind === 'timed-out') {
    process.stderr.write(
      `holdfast: the command runs on in session ${session.id}; holdfast show ${session.id} --follow\n`,
    )
    return timedOutExitCode
  }
  const {status, reason, exit_code, signal} = end.payload
  if (status !== 'complete' && reason !== 'user') process.stderr.write(`holdfast: ${describeEnd(end.payload)}\n`)
  if (exit_code !== undefined) return exit_code
  const number = signal === undefined ? undefined : constants.signals[signal as NodeJS.Signals]
  return number === undefined ? 1 : 128 + number
}

function screenSize(): {cols?: number; rows?: number} {
  const {isTTY, columns, rows} = process.stdout
  return isTTY && columns > 0 && rows > 0 ? {cols: columns, rows} : {}
}
