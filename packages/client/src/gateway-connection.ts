import {greetingProblem} from '@holdfast/protocol'
import {createConnection, PeerGoneError, type CloseReason, type Connection, type Transport} from '@holdfast/rpc'
import type {Instance} from '@holdfast/supervisor/supervise'

/** A gateway that cannot be talked to, however often one tries. */
export class GatewayMismatchError extends Error {
  override name = 'GatewayMismatchError'
}

/** How long a gateway may take from its start to its greeting, ms. Shorter than the start of a line may take. */
const greetingTimeoutMs = 10_000

/**
 * Makes a transport a line to a gateway: waits for its greeting, then hands each event to `onEvent`, in order. Rejects
 * with `GatewayMismatchError`, `PeerGoneError`, the signal's reason, or an `Error` for a silent one; then the transport is
 * closed.
 */
export async function openGatewayConnection(
  transport: Transport,
  onEvent: (params: unknown) => void,
  signal: AbortSignal,
): Promise<Instance<Connection, CloseReason>> {
  const connection = createConnection(transport)
  let isGreeted = false
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true})
      void connection.closed.then((reason) => reject(new PeerGoneError(reason)))
      timer = setTimeout(() => {
        const expected = `Expected the gateway to greet within ${greetingTimeoutMs} ms`
        if (connection.counters.noise === 0) reject(new Error(`${expected}, it is silent`))
        else reject(new GatewayMismatchError(`${expected}, it prints something else: it is no gateway`))
      }, greetingTimeoutMs)
      connection.subscribe('event', (params) => {
        if (isGreeted) return onEvent(params)
        isGreeted = true
        const problem = greetingProblem(params)
        if (problem === undefined) resolve()
        else reject(new GatewayMismatchError(problem))
      })
    })
  } catch (error) {
    const closing = connection.close('the gateway was not usable')
    // One that we started has ended by then, so that the next one does not meet it.
    if (!(error instanceof PeerGoneError)) await closing
    throw error
  } finally {
    clearTimeout(timer)
  }
  return {value: connection, closed: connection.closed, close: (reason) => connection.close(reason)}
}
