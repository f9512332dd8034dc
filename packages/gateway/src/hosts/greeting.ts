import {errorCodes, greetingProblem, greetingTimeoutMs} from '@holdfast/protocol'
import {PeerGoneError, RpcError, type Connection} from '@holdfast/rpc'

/**
 * Waits for the greeting that a host sends first on each connection, and closes the connection if it does not fit.
 * Rejects with an `RpcError` `protocolMismatch` or `hostUnavailable`, or with `PeerGoneError`.
 */
export async function awaitGreeting(host: Connection, sessionId: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let unsubscribe: () => void = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      void host.closed.then((reason) => reject(new PeerGoneError(reason)))
      unsubscribe = host.subscribe('event', (params) => {
        const problem = greetingProblem(params)
        if (problem === undefined) resolve()
        else reject(new RpcError(errorCodes.protocolMismatch, `The host of session ${sessionId}: ${problem}`))
      })
      timer = setTimeout(() => {
        const message = `Expected the host of session ${sessionId} to greet within ${greetingTimeoutMs} ms, it is silent`
        reject(new RpcError(errorCodes.hostUnavailable, message))
      }, greetingTimeoutMs)
    })
  } catch (error) {
    void host.close('the greeting did not fit')
    throw error
  } finally {
    clearTimeout(timer)
    unsubscribe()
  }
}
