import {startTimer} from '@holdfast/rpc'

import {errnoOf} from '../errors/is-gone.ts'
import {SocketError} from '../errors/socket-error.ts'

export interface OpeningOptions {
  /** How long the connection may take to open, ms, above 0. `Infinity`: any time. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

/**
 * Opens a connection within a time. `open` starts it, reports its outcome to `resolve` or `reject`, and returns a function
 * that ends it, which is called if opening fails, takes too long or is aborted. Rejects with what `open` reported,
 * `SocketError` `timeout`, the signal's reason, or `RangeError` for a timeout that is not above 0.
 */
export async function openWithin<Opened>(
  address: string,
  {timeoutMs, signal}: OpeningOptions,
  open: (resolve: (opened: Opened) => void, reject: (error: unknown) => void) => () => void,
): Promise<Opened> {
  signal?.throwIfAborted()
  if (!(timeoutMs > 0)) throw new RangeError(`Expected \`timeoutMs\` to be above 0, got \`${timeoutMs}\``)
  let end = () => {}
  let stopTimer = () => {}
  let onAbort = () => {}
  try {
    return await new Promise<Opened>((resolve, reject) => {
      const expired = new SocketError('timeout', `No answer from \`${address}\` within ${timeoutMs} ms`)
      stopTimer = startTimer(timeoutMs, () => reject(expired))
      onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort)
      end = open(resolve, reject)
    })
  } catch (error) {
    end()
    throw error
  } finally {
    stopTimer()
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Codes of OpenSSL and Node for a certificate that this machine does not trust. */
const UNTRUSTED = /SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER)/
const NO_SERVER = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTFOUND'])

export function toConnectError(address: string, cause: Error): SocketError {
  const errno = errnoOf(cause) ?? cause.message
  if (NO_SERVER.has(errno)) {
    return new SocketError('nobody-listens', `No server listens at \`${address}\` (${errno})`, {cause})
  }
  const remedy = UNTRUSTED.test(errno)
    ? ': this machine does not trust its certificate; NODE_EXTRA_CA_CERTS=FILE does'
    : ''
  return new SocketError('failed', `Could not connect to \`${address}\`: ${errno}${remedy}`, {cause})
}
