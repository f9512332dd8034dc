import {
  describeLoss,
  isPeerGone,
  isRecoveryError,
  isRequestTimeout,
  isRpcError,
  type Client,
  type RpcError,
} from '@holdfast/client'
import {describeParseError, errorCodes, errorName, isParseError, type ErrorName} from '@holdfast/protocol'

import type {FailureCode, SnakeCase} from '../process/failure-codes.ts'
import {UserError} from '../process/user-error.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {withListHint} from './session-id.ts'

/** JSON-RPC: the peer has no such method; the parameters are not what it expects. */
const [methodNotFound, invalidParams] = [-32_601, -32_602]

/** Turns an error that is not a fault of this program into one sentence. Returns any other error as it is. */
export function toUserError(error: unknown, client: Pick<Client, 'status'>, gateway: GatewayChoice): unknown {
  const known = describe(error, client.status, gateway)
  return known === undefined ? error : new UserError(known.sentence, {code: known.code, cause: error})
}

interface KnownError {
  sentence: string
  code: FailureCode
}

function describe(error: unknown, status: Client['status'], {tokenFile}: GatewayChoice): KnownError | undefined {
  if (isRpcError(error)) return {sentence: sentenceOf(error), code: failureOf(error.code)}
  if (isRecoveryError(error))
    return {sentence: describeNoGateway(error.message, status, tokenFile), code: 'gateway_unavailable'}
  if (isPeerGone(error))
    return {sentence: `the gateway is gone: ${describeLoss({end: undefined, error})}`, code: 'gateway_unavailable'}
  if (isRequestTimeout(error))
    return {sentence: `the gateway does not answer: ${error.message}`, code: 'gateway_timed_out'}
  if (isParseError(error))
    return {sentence: `the gateway sent an invalid answer: ${describeParseError(error)}`, code: 'invalid_answer'}
  return undefined
}

function sentenceOf({code, message}: RpcError): string {
  if (code === errorCodes.sessionNotFound) return withListHint(message)
  if (code === methodNotFound)
    return `${message}: an older version of Holdfast runs the session, until its host starts again`
  // What does not fit is named behind its method, which the user has not named.
  if (code === invalidParams) return message.replace(/^[a-z-]+\.[a-z-]+: /, '')
  return message
}

function describeNoGateway(message: string, status: Client['status'], tokenFile: string | undefined): string {
  if (status.kind !== 'gave-up') return `no gateway: ${message}`
  const isRefused = (status.error as {code?: unknown} | undefined)?.code === 'refused'
  if (!isRefused) return `no gateway: ${describeLoss(status)}`
  return `authentication failed: ${tokenFile === undefined ? 'the server requires --token-file' : 'check --token-file'}`
}

/** The name of an error of the wire. */
export function failureOf(wireCode: number): FailureCode {
  if (wireCode === methodNotFound) return 'not_supported'
  if (wireCode === invalidParams) return 'usage'
  const name = errorName(wireCode)
  if (name === undefined) return 'failed'
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as SnakeCase<ErrorName>
}
