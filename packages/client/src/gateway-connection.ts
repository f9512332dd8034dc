import {errorCodes, greetingProblem, readGreeting, readRefusal, type Greeting, type Hello} from '@holdfast/protocol'
import {
  createConnection,
  isPeerGone,
  PeerGoneError,
  RpcError,
  startTimer,
  type CloseReason,
  type Connection,
  type Transport,
} from '@holdfast/rpc'
import {graces, type Instance} from '@holdfast/supervisor/supervise'

// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.GatewayMismatchError')

/** The program is no gateway, or speaks another protocol version. Another attempt would meet the same. */
export class GatewayMismatchError extends Error {
  override name = 'GatewayMismatchError'
  readonly [brand] = true
}

export function isGatewayMismatchError(error: unknown): error is GatewayMismatchError {
  return typeof error === 'object' && error !== null && brand in error
}

/** How long a gateway may take from its start to its greeting, milliseconds. Must be shorter than the supervisor's start timeout. */
const greetingTimeoutMs = 10_000

const closeOptions = {deadlineMs: graces.client.flushMs}

export interface GatewayConnectionOptions {
  /** What the client says of itself, after the greeting. */
  hello: Hello
  onGreeting: (greeting: Greeting) => void
  onEvent: (params: unknown) => void
  onNoise: (message: string) => void
}

/**
 * Waits for the greeting of a gateway, says hello, then passes each event to `onEvent`, in order, and reports what is no message to
 * `onNoise`, in a sentence. Rejects with `GatewayMismatchError`, the `RpcError` of a gateway that has no room,
 * `PeerGoneError`, the reason of the signal, or an `Error` where no greeting came in time. A rejection closes the transport.
 */
export async function openGatewayConnection(
  transport: Transport,
  {hello, onGreeting, onEvent, onNoise}: GatewayConnectionOptions,
  signal: AbortSignal,
): Promise<Instance<Connection, CloseReason>> {
  let hasGreeted = false
  const connection = createConnection(transport, {
    onNoise(message) {
      // What comes before the greeting, such as a banner, hides no event.
      if (hasGreeted) onNoise(message)
    },
  })
  let stopTimer = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true})
      void connection.closed.then((reason) => reject(new PeerGoneError(reason)))
      stopTimer = startTimer(greetingTimeoutMs, () => {
        const within = `within ${greetingTimeoutMs / 1000} s`
        if (connection.counters.noise === 0) reject(new Error(`The gateway sent no greeting ${within}`))
        else
          reject(new GatewayMismatchError(`The program sent no greeting ${within}, but other output: it is no gateway`))
      })
      connection.subscribe('event', (params) => {
        if (hasGreeted) return onEvent(params)
        hasGreeted = true
        const refusal = readRefusal(params)
        if (refusal?.code === errorCodes.protocolMismatch) return reject(new GatewayMismatchError(refusal.message))
        if (refusal !== undefined) return reject(new RpcError(refusal.code, refusal.message))
        const problem = greetingProblem(params)
        const greeting = readGreeting(params)
        if (problem !== undefined || greeting === undefined) return reject(new GatewayMismatchError(problem))
        // Older servers want to speak first. Before any request, so that the gateway knows whom it serves.
        connection.notify('client.hello', hello)
        onGreeting(greeting)
        resolve()
      })
    })
  } catch (error) {
    const closing = connection.close('the gateway was not usable', closeOptions)
    // A gateway that this process started must have exited before the next one starts.
    if (!isPeerGone(error)) await closing
    throw error
  } finally {
    stopTimer()
  }
  return {value: connection, closed: connection.closed, close: (reason) => connection.close(reason, closeOptions)}
}
