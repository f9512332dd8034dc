import {repeatUntilReplicated, type Client} from '@holdfast/client'
import {createPromptId, type EventPayload} from '@holdfast/protocol'

/** A command of a batch did not end well. */
export class RunStepError extends Error {
  override readonly name = 'RunStepError'

  /** How the command has ended; `undefined`: it had not within the time of its step, and runs on. */
  readonly end: EventPayload<'message.complete'> | undefined

  constructor(message: string, end?: EventPayload<'message.complete'>) {
    super(message)
    this.end = end
  }
}

export interface RunInSessionOptions {
  text: string
  /** `false`: until it has started. */
  wait: boolean
  /** @default no limit */
  timeout_ms?: number | undefined
}

/**
 * Runs a command in a session, until it has ended, or started. Rejects with a `RunStepError` where it fails, or does not come to its end in
 * time; with the reason of `signal` where that aborts: the command runs on.
 */
export async function runInSession(
  client: Client,
  sessionId: string,
  {text, wait, timeout_ms}: RunInSessionOptions,
  signal: AbortSignal,
): Promise<Partial<EventPayload<'message.complete'>>> {
  const promptId = createPromptId()
  const timeout = timeout_ms === undefined ? undefined : AbortSignal.timeout(timeout_ms)
  const late = () => new RunStepError(`The command has not ${wait ? 'ended' : 'started'} within ${timeout_ms} ms`)
  const session = await client.openSession(sessionId, {afterSeq: Number.MAX_SAFE_INTEGER})
  try {
    const until = timeout === undefined ? signal : AbortSignal.any([signal, timeout])
    const events = session.events({afterSeq: session.openedSeq, signal: until})
    // Nobody presses keys in a command that is waited for: it gets no pager.
    const prompt = {session_id: sessionId, prompt_id: promptId, text, plain: wait}
    await repeatUntilReplicated(() => client.request('prompt.submit', prompt), until).catch((error: unknown) => {
      throw timeout?.aborted === true && error === timeout.reason ? late() : error
    })
    for await (const event of events) {
      if (event.type === 'unknown' || !('prompt_id' in event.payload) || event.payload.prompt_id !== promptId) continue
      if (event.type === 'message.start' && !wait) return {prompt_id: promptId}
      if (event.type !== 'message.complete') continue
      if (event.payload.status === 'complete' && (event.payload.exit_code ?? 0) === 0) return event.payload
      throw new RunStepError(describeEnd(event.payload), event.payload)
    }
    signal.throwIfAborted()
    if (timeout?.aborted === true) throw late()
    throw new RunStepError('The session was closed before the command had ended')
  } finally {
    await session.leave().catch(() => undefined)
  }
}

function describeEnd({status, exit_code, reason}: EventPayload<'message.complete'>): string {
  if (exit_code !== undefined) return `The command exited with ${exit_code}`
  return `The command is ${status}${reason === undefined ? '' : ` (${reason})`}`
}
