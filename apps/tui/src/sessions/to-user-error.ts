import {describeLoss, isPeerGone, isRecoveryError, isRequestTimeout, isRpcError, type Client} from '@holdfast/client'
import {describeParseError, errorCodes, isParseError} from '@holdfast/protocol'

import {UserError} from '../process/user-error.ts'
import {withListHint} from './session-id.ts'

/** Turns an error that is not a fault of this program into one sentence. Returns any other error as it is. */
export function toUserError(error: unknown, client: Pick<Client, 'status'>): unknown {
  const sentence = toSentence(error, client.status)
  return sentence === undefined ? error : new UserError(sentence, {cause: error})
}

function toSentence(error: unknown, status: Client['status']): string | undefined {
  if (isRpcError(error)) {
    const isMissing = error.code === errorCodes.sessionNotFound
    return isMissing ? withListHint(error.message.replace(/^There/, 'there')) : error.message
  }
  if (isRecoveryError(error)) {
    if (status.kind !== 'gave-up') return `no gateway: ${error.message}`
    const isRefused = (status.error as {code?: unknown} | undefined)?.code === 'refused'
    return isRefused ? 'authentication failed: check --token-file' : `no gateway: ${describeLoss(status)}`
  }
  if (isPeerGone(error)) return `the gateway is gone: ${describeLoss({end: undefined, error})}`
  if (isRequestTimeout(error)) return `the gateway does not answer: ${error.message}`
  if (isParseError(error)) return `the gateway sent an invalid answer: ${describeParseError(error)}`
  return undefined
}
