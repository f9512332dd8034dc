import {errorCodes, greetingProblem, greetingTimeoutMs, readRefusal} from '@holdfast/protocol'
import {PeerGoneError, RpcError, startTimer, type Connection} from '@holdfast/rpc'

/**
 * Waits for the greeting that a host, or a gateway, sends first on each connection; `who` is for messages. Closes the connection if the greeting does not come or
 * its protocol version does not match; then rejects with an `RpcError` `protocolMismatch`, `tooMany` or `hostUnavailable`, or with a
 * `PeerGoneError`.
 */
export async function awaitGreeting(host: Connection, who: string): Promise<void> {
  let stopTimer = () => {}
  let unsubscribe: () => void = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      void host.closed.then((reason) => reject(new PeerGoneError(reason)))
      unsubscribe = host.subscribe('event', (params) => {
        const refusal = readRefusal(params)
        if (refusal !== undefined) {
          return reject(new RpcError(refusal.code, `${who}: ${refusal.message}`))
        }
        const problem = greetingProblem(params)
        if (problem === undefined) resolve()
        else reject(new RpcError(errorCodes.protocolMismatch, `${who}: ${problem}`))
      })
      stopTimer = startTimer(greetingTimeoutMs, () => {
        const message = `${who} did not send its greeting within ${greetingTimeoutMs} ms`
        reject(new RpcError(errorCodes.hostUnavailable, message))
      })
    })
  } catch (error) {
    void host.close('the greeting was missing or did not match')
    throw error
  } finally {
    stopTimer()
    unsubscribe()
  }
}
