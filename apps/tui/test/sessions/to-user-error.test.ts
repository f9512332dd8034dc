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
  ],
  [
    new RpcError(errorCodes.sessionNotFound, 'There is no session 0123456789'),
    live,
    /^There is no session 0123456789; `holdfast ls` lists them$/,
  ],
  [new RecoveryError('gave-up', 'gave up'), gaveUp, 'no gateway: spawn /x ENOENT'],
  [new RecoveryError('gave-up', 'gave up'), refused, 'authentication failed: check --token-file'],
  [new RecoveryError('closed', 'it was closed'), live, 'no gateway: it was closed'],
  [new PeerGoneError({by: 'peer', message: 'exit 9'}), live, 'the gateway is gone: exit 9'],
  [new RequestTimeoutError('session.list', 100), live, /^the gateway does not answer: No answer to `session.list`/],
  [zodError(), live, /^the gateway sent an invalid answer: session_id: /],
])('%o is one sentence', (error, client, sentence) => {
  const known = toUserError(error, client, {tokenFile: 'token'})
  expect(known).toBeInstanceOf(UserError)
  expect(known).toMatchObject({exitCode: 1, cause: error, message: expect.stringMatching(sentence) as string})
})

test.each([new TypeError('x is not a function'), new UserError('as it is', {exitCode: 2}), 'no error'])(
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
