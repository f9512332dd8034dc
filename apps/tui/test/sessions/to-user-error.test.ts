import {PeerGoneError, RecoveryError, RequestTimeoutError, RpcError} from '@holdfast/client'
import {errorCodes, parseResult} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {toUserError} from '../../src/sessions/to-user-error.ts'
import {UserError} from '../../src/process/user-error.ts'

const live = {status: {kind: 'starting'}} as const
const enoent = new Error('spawn /x ENOENT')
const gaveUp = {status: {kind: 'gave-up', reason: 'not-startable', attempts: 1, end: undefined, error: enoent}} as const

const refused = {
  status: {...gaveUp.status, error: Object.assign(new Error('got status 401'), {code: 'refused'})},
} as const

test.each([
  [
    new RpcError(errorCodes.sessionClosed, 'Session x is closed: open another one'),
    live,
    'Session x is closed: open another one',
    ['session_closed', 4],
  ],
  [
    new RpcError(errorCodes.sessionNotFound, 'There is no session 0123456789'),
    live,
    /^There is no session 0123456789; `holdfast ls` lists them$/,
    ['session_not_found', 3],
  ],
  [new RecoveryError('gave-up', 'gave up'), gaveUp, 'no gateway: spawn /x ENOENT', ['gateway_unavailable', 6]],
  [
    new RecoveryError('gave-up', 'gave up'),
    refused,
    'authentication failed: check --token-file',
    ['gateway_unavailable', 6],
  ],
  [new RecoveryError('closed', 'it was closed'), live, 'no gateway: it was closed', ['gateway_unavailable', 6]],
  [new PeerGoneError({by: 'peer', message: 'exit 9'}), live, 'the gateway is gone: exit 9', ['gateway_unavailable', 6]],
  [
    new RequestTimeoutError('session.list', 100),
    live,
    /^the gateway does not answer: No answer to `session.list`/,
    ['gateway_timed_out', 5],
  ],
  [zodError(), live, /^the gateway sent an invalid answer: session_id: /, ['invalid_answer', 9]],
  [
    new RpcError(-32_601, 'Unknown method'),
    live,
    /^Unknown method: an older version of Holdfast runs the session, until/,
    ['not_supported', 9],
  ],
  [new RpcError(-32_602, 'Expected a key'), live, 'Expected a key', ['usage', 2]],
  [new RpcError(-32_602, 'session.mark: name: too long'), live, /^name: too long$/, ['usage', 2]],
  [new RpcError(-32_000, 'Too busy'), live, 'Too busy', ['failed', 1]],
] as const)('%o is one sentence', (error, client, sentence, [code, exitCode]) => {
  const known = toUserError(error, client, {tokenFile: 'token'})
  expect(known).toBeInstanceOf(UserError)
  expect(known).toMatchObject({code, exitCode, cause: error, message: expect.stringMatching(sentence) as string})
})

test.each([new TypeError('x is not a function'), new UserError('as it is', {code: 'usage'}), 'no error'])(
  '%o stays as it is',
  (error) => {
    expect(toUserError(error, live, {})).toBe(error)
  },
)

test('a server that refuses a client without a token requires one', () => {
  const known = toUserError(new RecoveryError('gave-up', 'gave up'), refused, {})
  expect(known).toMatchObject({message: 'authentication failed: the server requires --token-file'})
})

function zodError(): unknown {
  try {
    return parseResult('session.create', {})
  } catch (error) {
    return error
  }
}
