import {setTimeout as delay} from 'node:timers/promises'
import {isatty} from 'node:tty'

import {repeatUntilReplicated, type Client, type ClientSession} from '@holdfast/client'
import {createPromptId, createSessionId, type EventPayload} from '@holdfast/protocol'
import {hasColours, toJsonLine, toListLine} from '@holdfast/terminal'
import {describeElided, describeQuestion, lostPart} from '@holdfast/session-view'

import {printError} from '../../../process/print-error.ts'
import {isStandardErrorWritten, standardError} from '../../../process/standard-error.ts'
import {UserError} from '../../../process/user-error.ts'
import {newSession} from '../../../sessions/choose-session.ts'
import {createAnswerPrinter, type AsideStream} from '../../../export/answer-printer.ts'
import {createJsonPrinter, createOutputPrinter} from '../../../export/event-printer.ts'
import {followSession, fromNow, isPending} from '../../../sessions/follow-session.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {feedStdin, readStdin} from './feed-stdin.ts'
import {describeRunEnd, type RunEnd, type RunProgress} from './run-end.ts'
import {findStdio, planStdio, type StdioPlan} from './run-stdio.ts'
import {createRunTerminal} from './run-terminal.ts'
import {refuseOwnSession} from '../../../sessions/own-session.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {openStandardOutput} from '../../../process/standard-output.ts'
import {toShellLine} from '../../../sessions/shell-line.ts'
import {watchLeaving} from './watch-leaving.ts'
import {withClient} from '../../../sessions/with-client.ts'

export interface RunOptions {
  session?: string
  /** The shell of a new session. */
  shell?: string
  /** The coding agent of a new session, which gets the words as a prompt. */
  agent?: string | undefined
  /** The new session stays when the command has ended. @default false */
  keep?: boolean
  json?: boolean
  /** Ms. */
  timeout?: number
  /** Bytes of output that are kept from the beginning. @default all */
  maxOutput?: number
  wait: boolean
  /** `--tty` or `--no-tty`. @default whether stdout is a terminal */
  tty?: boolean
  gateway: GatewayChoice
}

const noStdio: StdioPlan = {stdin: undefined, isPlain: false, passesKeys: false}

/** How long a command may take to end before it is interrupted again, ms: most end at once, and the last one is killed. */
const interruptPausesMs = [50, 400, 500, 500, 50]

/** Runs one command in a session, prints its output, and exits with its status. */
export async function runCommand(words: readonly string[], options: RunOptions): Promise<void> {
  const {agent} = options
  const text = agent === undefined ? toShellLine(words) : words.join(' ')
  if (text.trim() === '') throw new UserError('expected a command after `--`, got an empty one', {code: 'usage'})
  if (options.session !== undefined) expectSessionId(options.session)
  if (options.wait) refuseOwnSession(options.session, 'it would wait for itself; add --no-wait')
  const progress: RunProgress = {
    sessionId: options.session,
    gateway: options.gateway,
    step: 'unsent',
    isInterrupted: false,
  }
  /** Aborts printing. */
  const over = new AbortController()
  const stdout = openStandardOutput()
  const promptId = createPromptId()
  // An agent reads no stdin.
  const stdio = agent === undefined ? planStdio(findStdio(options), options) : noStdio
  const terminal = stdio.passesKeys ? createRunTerminal() : undefined
  /** Settles when the prompt is accepted or refused. */
  let submitting: Promise<unknown> | undefined
  let opened: ClientSession | undefined
  let interrupt = () => Promise.resolve(false)
  const leaving = watchLeaving({timeoutMs: options.timeout, interrupt: () => interrupt()})

  try {
    await withClient(options.gateway, async (client) => {
      interrupt = () => interruptCommand(client)
      const end = await Promise.race([runToEnd(client), leaving.left, stdout.gone])
      over.abort()
      terminal?.release()
      if (end.kind === 'reader-gone' && options.wait) await endCommand(client)
      leaving.end()
      const {exitCode, message} = describeRunEnd(end, progress)
      process.exitCode = exitCode
      if (message !== undefined) printError(message)
      await stdout.flushed()
    })
  } finally {
    leaving.end()
    terminal?.release()
    if (stdio.stdin === 'pipe') process.stdin.destroy()
  }
  // Exiting at once skips Node's teardown, which takes 5 % of a short command.
  if (stdout.isWritten && isStandardErrorWritten()) process.exit()

  async function runToEnd(client: Client): Promise<RunEnd> {
    const sessionId = (progress.sessionId ??= await client.createSession({
      session_id: createSessionId(),
      title: titleOf(text),
      ...newSession(options.gateway, options),
      one_shot: options.keep !== true,
    }))
    const submit = async (session?: ClientSession) => {
      opened = session
      // This process is about to exit: the command does not run.
      if (leaving.isEnding) return await new Promise<never>(() => undefined)
      const how = {max_output_bytes: options.maxOutput ?? null, stdin: stdio.stdin, plain: stdio.isPlain || undefined}
      progress.step = 'sent'
      const params = {session_id: sessionId, prompt_id: promptId, text, ...how}
      submitting = repeatUntilReplicated(() => client.request('prompt.submit', params))
      await submitting
      progress.step = 'accepted'
    }
    if (options.wait) return await printRun(client, sessionId, submit)
    await submit()
    const ids = {session_id: sessionId, prompt_id: promptId}
    stdout.write(options.json ? `${toJsonLine(ids)}\n` : `${sessionId} ${promptId}\n`)
    await stdout.flushed()
    return {kind: 'accepted'}
  }

  /** Submits the prompt and prints its output until it ends. */
  async function printRun(
    client: Client,
    sessionId: string,
    submit: (session: ClientSession) => Promise<void>,
  ): Promise<RunEnd> {
    let printer = options.json ? createJsonPrinter(stdout.write) : createOutputPrinter(stdout.write, stdout)
    const screen = invocationFor(options.gateway, '--resume', sessionId)
    let complete: EventPayload<'message.complete'> | undefined
    /** The command has ended, but the event that says so cannot be read. */
    let isEndLost = false
    let isLost = false
    const end = await followSession(client, sessionId, {
      // An existing session has earlier events.
      afterSeq: options.session === undefined ? 0 : fromNow,
      begin: submit,
      onEvent(event, wire) {
        const isBackground = event.type === 'background.output' || event.type === 'background.elided'
        const isOtherPrompt =
          event.type !== 'unknown' && 'prompt_id' in event.payload && event.payload.prompt_id !== promptId
        if (isBackground || isOtherPrompt || complete !== undefined) return
        if (event.type === 'message.start') {
          const isOfShell = (opened?.state.info?.agent ?? 'shell') === 'shell' || event.payload.in_shell === true
          if (!isOfShell && options.json !== true) printer = createAnswerPrinter(stdout.write, stdout, asideFor(stdout))
          pass(client, sessionId)
        }
        const left = terminal === undefined ? event : terminal.take(event)
        if (left !== undefined) printer.print(left, wire)
        if (event.type === 'output.elided') printError(describeElided(event.payload))
        if (event.type === 'event.lost' && !isLost) printError(lostPart)
        isLost = event.type === 'event.lost'
        if (event.type === 'approval.request')
          printError(`${describeQuestion(event.payload)}: answer it with \`${screen}\``)
        if (event.type !== 'message.complete') return
        // Its output may not be written yet.
        complete = event.payload
        progress.step = 'over'
        leaving.stopTimer()
        over.abort()
      },
      onState(state) {
        if (progress.step !== 'accepted' || isPending(state, promptId)) return
        isEndLost = true
        over.abort()
      },
      stdout,
      signal: over.signal,
    })
    await terminal?.ended()
    printer.flush()
    await stdout.flushed()
    if (complete !== undefined) return {kind: 'complete', payload: complete}
    if (isEndLost) return {kind: 'failed', message: 'the command has ended, but its exit status cannot be read'}
    return {kind: 'failed', message: end.kind === 'failed' ? end.message : `session ${sessionId} was closed`}
  }

  /** Passes stdin, or the terminal, on to the command, which has started. */
  function pass(client: Client, sessionId: string): void {
    if (opened !== undefined) terminal?.begin(opened)
    if (stdio.stdin !== 'pipe') return
    const source = readStdin((message) => {
      if (!over.signal.aborted) printError(message)
    })
    // `runToEnd` reports the end of the session.
    feedStdin(client, {session_id: sessionId, prompt_id: promptId}, source).catch(() => undefined)
  }

  /** Ends a command whose output nobody reads: each further interrupt is a stronger one. */
  async function endCommand(client: Client): Promise<void> {
    for (const ms of interruptPausesMs) {
      if (!(await interruptCommand(client).catch(() => false))) return
      await delay(ms)
    }
  }

  /** Passes Ctrl-C on to the command; `false` if it does not run, or cannot be reached. */
  async function interruptCommand(client: Client): Promise<boolean> {
    const {sessionId} = progress
    if (sessionId === undefined || submitting === undefined || progress.step === 'over') return false
    const isFirst = !progress.isInterrupted
    progress.isInterrupted = true
    // Without a connection, Ctrl-C ends the wait for it.
    if (client.status.kind !== 'live') return false
    if (progress.step === 'sent') {
      // The second Ctrl-C ends the wait for the answer.
      if (!isFirst) return false
      await submitting.catch(() => undefined)
    }
    const ids = {session_id: sessionId, prompt_id: promptId}
    const interruptRunning = async () => (await client.request('session.interrupt', ids)).interrupted
    if (await interruptRunning()) return true
    // It may wait behind another one, or have started meanwhile.
    if ((await client.request('prompt.withdraw', ids)).withdrawn || (await interruptRunning())) return true
    progress.step = 'over'
    return false
  }
}

/** stderr, for what an agent does beside its answer. */
function asideFor({isTerminal}: {readonly isTerminal: boolean}): AsideStream {
  const isErrorTerminal = isatty(2)
  return {
    write: (line) => void standardError().write(line),
    isColoured: isErrorTerminal && hasColours(),
    isTerminalOfAnswer: isTerminal && isErrorTerminal,
  }
}

/** The start of a command, without half a surrogate pair. */
function titleOf(text: string): string {
  return toListLine(text)
    .slice(0, 60)
    .replace(/[\ud800-\udbff]$/, '')
}
