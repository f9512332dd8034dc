import {describeLoss, isPeerGone, isRecoveryError, isRequestTimeout, isRpcError, type Client} from '@holdfast/client'
import {describeParseError, errorCodes, isParseError} from '@holdfast/protocol'

import {UserError} from '../process/user-error.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {withListHint} from './session-id.ts'

/** Turns an error that is not a fault of this program into one sentence. Returns any other error as it is. */
export function toUserError(error: unknown, client: Pick<Client, 'status'>, gateway: GatewayChoice): unknown {
  const sentence = toSentence(error, client.status, gateway)
  return sentence === undefined ? error : new UserError(sentence, {cause: error})
}

function toSentence(error: unknown, status: Client['status'], {tokenFile}: GatewayChoice): string | undefined {
  if (isRpcError(error)) {
    const isMissing = error.code === errorCodes.sessionNotFound
    return isMissing ? withListHint(error.message) : error.message
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
