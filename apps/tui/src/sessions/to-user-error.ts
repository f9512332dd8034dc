import {describeLoss, isPeerGone, isRecoveryError, isRequestTimeout, isRpcError, type Client} from '@holdfast/client'
import {describeParseError, errorCodes, isParseError} from '@holdfast/protocol'

import {UserError} from '../process/user-error.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {withListHint} from './session-id.ts'

/** The code of JSON-RPC for a method that the peer does not have. */
const methodNotFound = -32_601

/** Turns an error that is not a fault of this program into one sentence. Returns any other error as it is. */
export function toUserError(error: unknown, client: Pick<Client, 'status'>, gateway: GatewayChoice): unknown {
  const sentence = toSentence(error, client.status, gateway)
  return sentence === undefined ? error : new UserError(sentence, {cause: error})
}

function toSentence(error: unknown, status: Client['status'], {tokenFile}: GatewayChoice): string | undefined {
  if (isRpcError(error)) {
    if (error.code === errorCodes.sessionNotFound) return withListHint(error.message)
    if (error.code === methodNotFound)
      return `${error.message}. The session is run by an older version, up to the next start of its host`
    return error.message
  }
  if (isRecoveryError(error)) {
    if (status.kind !== 'gave-up') return `no gateway: ${error.message}`
    const isRefused = (status.error as {code?: unknown} | undefined)?.code === 'refused'
    if (!isRefused) return `no gateway: ${describeLoss(status)}`
    return `authentication failed: ${tokenFile === undefined ? 'the server requires --token-file' : 'check --token-file'}`
  }
  if (isPeerGone(error)) return `the gateway is gone: ${describeLoss({end: undefined, error})}`
  if (isRequestTimeout(error)) return `the gateway does not answer: ${error.message}`
  if (isParseError(error)) return `the gateway sent an invalid answer: ${describeParseError(error)}`
  return undefined
}
