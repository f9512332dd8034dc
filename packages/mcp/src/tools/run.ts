import {repeatUntilReplicated, type ClientSession} from '@holdfast/client'
import {createPromptId} from '@holdfast/protocol'
import * as z from 'zod'

import {describeProgress} from '../describe-progress.ts'
import {describeRun} from '../describe-run.ts'
import {followSession} from '../follow-session.ts'
import {findPrompt, loggedEvents} from '../log-events.ts'
import {createRunReader, type RunReader} from '../run-reader.ts'
import {defineTool, type ToolCall} from '../tool.ts'
import {ToolError} from '../tool-error.ts'
import {maxOutput, ownId, session, timeoutMs} from './arguments.ts'

/** Between two notifications, ms. */
const progressMs = 1000

const input = z.strictObject({
  session,
  command: z.string().min(1).max(1_000_000).describe('A command line for the shell; it may have several lines.'),
  id: ownId
    .optional()
    .describe(
      'A name of your own for this run that no other run of the session has. A call that is repeated with it runs nothing twice: it waits for the end of the first, or returns it.',
    ),
  timeout_ms: timeoutMs(
    30_000,
    'A command that takes longer runs on, and this call says how to wait for it. Stay below the time after which your client gives a call up.',
  ),
  max_output: maxOutput,
  terminal: z
    .boolean()
    .default(false)
    .describe(
      'For a program that draws a screen, such as vim, less or htop; then use `wait`, `snapshot` and `keys`. By default, a command is told to use no pager and no colours.',
    ),
})

export const run = defineTool({
  name: 'run',
  title: 'Run a command',
  description:
    'Runs a command in the shell of a session, waits for its end, and returns its exit status, duration and output. Commands of one session run one after another, in one shell: `cd` and variables stay. One that reads input gets it from `input`. If you cancel the call, the command gets Ctrl-C.',
  input,
  isDestructive: true,
  async call({session: sessionId, command, id, timeout_ms, max_output, terminal}, context, call) {
    await context.requireAccess(sessionId, 'write')
    const promptId = id ?? createPromptId()
    const known = id === undefined ? undefined : await findPrompt(context.client, sessionId, id)
    if (known !== undefined && known.text !== command)
      throw new ToolError(
        `the id ${JSON.stringify(id)} was used before in session ${sessionId}, for another command, \`${known.text.slice(0, 200)}\`: use another one`,
      )
    const readerFrom = (afterSeq: number) => createRunReader(promptId, {afterSeq, maxOutput: max_output})
    const describe = (reader: RunReader) => describeRun(reader, {sessionId, promptId, timeoutMs: timeout_ms})
    if (known?.hasEnded === true) {
      const reader = readerFrom(known.queuedSeq)
      for await (const event of loggedEvents(context.client, sessionId, known.queuedSeq)) if (reader.take(event)) break
      return describe(reader)
    }
    return await context.sessions.use(sessionId, async (opened) => {
      const afterSeq = known?.queuedSeq ?? opened.lastSeq
      const reader = readerFrom(afterSeq)
      if (known === undefined) {
        call.signal.throwIfAborted()
        const prompt = {session_id: sessionId, prompt_id: promptId, text: command, plain: !terminal}
        await repeatUntilReplicated(() => context.client.request('prompt.submit', prompt), call.signal)
      }
      await followRun(opened, reader, {promptId, afterSeq, waitMs: timeout_ms, call})
      return describe(reader)
    })
  },
})

/** Waits for the end of a run, tells its progress, and interrupts it if the client cancels the call. */
async function followRun(
  opened: ClientSession,
  reader: RunReader,
  {promptId, afterSeq, waitMs, call}: {promptId: string; afterSeq: number; waitMs: number; call: ToolCall},
): Promise<void> {
  const {signal, progress} = call
  const beganAt = performance.now()
  const report = () => {
    const {hasStarted, lastLine} = reader
    progress?.(describeProgress({elapsedMs: performance.now() - beganAt, lastLine, isWaiting: !hasStarted}))
  }
  const timer = progress && setInterval(report, progressMs)
  let interrupting: Promise<unknown> | undefined
  const interrupt = () => {
    if (!call.isDisconnected) interrupting = interruptRun(opened, promptId)
  }
  if (signal.aborted) interrupt()
  else signal.addEventListener('abort', interrupt)
  try {
    await followSession(opened, {afterSeq, timeoutMs: waitMs, signal, take: reader.take})
    // The session is open until it has been asked to.
    await interrupting
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', interrupt)
  }
}

/** Sends Ctrl-C to the run, or takes it out of the queue. Nobody waits for the answer of a cancelled call. */
async function interruptRun(opened: ClientSession, promptId: string): Promise<void> {
  try {
    if (await opened.interrupt({promptId})) return
    // It may start just now.
    if (!(await opened.withdraw(promptId))) await opened.interrupt({promptId})
  } catch {
    // The gateway is gone, and it is unknown whether Ctrl-C arrived: it is never sent twice.
  }
}
