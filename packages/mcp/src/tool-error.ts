import {describeLoss, isPeerGone, isRecoveryError, isRequestTimeout, isRpcError, type Client} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

/** JSON-RPC: the peer has no such method. */
const methodNotFound = -32_601

/** What a tool cannot do, in a sentence for the agent: what was expected, what came, what to do. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

/** The sentence for an error that is no fault of this program; `undefined` for any other error. */
export function describeError(error: unknown, status: Client['status']): string | undefined {
  if (error instanceof ToolError) return error.message
  if (isRpcError(error)) {
    if (error.code === errorCodes.sessionNotFound) return `${error.message}: \`sessions\` lists them`
    if (error.code === errorCodes.sessionClosed)
      return 'the session is closed: `read` still reads it, `open` opens another'
    if (error.code === errorCodes.hostUnavailable)
      return `${error.message}: repeat the call, a \`run\` with the same id`
    if (error.code === methodNotFound)
      return `${error.message}: an older version of Holdfast runs the session; \`open\` another one`
    return error.message
  }
  if (isPeerGone(error))
    return 'the connection to the session was lost, and it is unknown whether this arrived: look with `snapshot` or `read` before you repeat it'
  if (isRequestTimeout(error)) return `the session does not answer (${error.message}): repeat the call later`
  if (isRecoveryError(error))
    return `no session can be reached: ${status.kind === 'gave-up' ? describeLoss(status) : error.message}; the next call tries again`
  return undefined
}
