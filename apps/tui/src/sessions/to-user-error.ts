import {describeLoss, type Client} from '@holdfast/client'
import {describeParseError, errorCodes} from '@holdfast/protocol'

import {UserError} from '../process/user-error.ts'
import {withList} from './session-id.ts'

/** The sentence for a fault that is not ours. Any other error is given back as it is, to be shown whole. */
export function toUserError(error: unknown, client: Pick<Client, 'status'>): unknown {
  if (!(error instanceof Error)) return error
  // Told apart by name: an error may come from another copy of its package.
  const sentence = sentences[error.name]?.(error, client.status)
  return sentence === undefined ? error : new UserError(sentence, {cause: error})
}

const sentences: Readonly<Record<string, (error: Error, status: Client['status']) => string>> = {
  // What a gateway answers is a sentence for people.
  RpcError: (error) =>
    (error as {code?: unknown}).code === errorCodes.sessionNotFound
      ? withList(error.message.replace(/^There/, 'there'))
      : error.message,
  RecoveryError: ({message}, status) => {
    if (status.kind !== 'gave-up') return `no gateway: ${message}`
    const isRefused = (status.error as {code?: unknown} | undefined)?.code === 'refused'
    return `no gateway: ${describeLoss(status)}${isRefused ? '; is it the same word that its --token-file holds?' : ''}`
  },
  PeerGoneError: (error) => `the gateway is gone: ${describeLoss({end: undefined, error})}`,
  RequestTimeoutError: ({message}) => `the gateway does not answer: ${message}`,
  $ZodError: (error) => `the gateway answered something that is not understood: ${describeParseError(error)}`,
}
