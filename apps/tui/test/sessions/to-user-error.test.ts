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
  [named('RpcError', 'Session x is closed'), live, 'Session x is closed'],
  [notFound(), live, /^there is no session 0123456789; `holdfast ls` lists them$/],
  [named('RecoveryError', 'gave up'), gaveUp, 'no gateway: spawn /x ENOENT'],
  [named('RecoveryError', 'gave up'), refused, /^no gateway: got status 401; is it the same word/],
  [named('RecoveryError', 'it was closed'), live, 'no gateway: it was closed'],
  [named('PeerGoneError', 'The peer is gone: exit 9'), live, 'the gateway is gone: The peer is gone: exit 9'],
  [named('RequestTimeoutError', 'Expected an answer'), live, 'the gateway does not answer: Expected an answer'],
  [zodError(), live, /^the gateway answered something that is not understood: session_id: /],
])('%o is one sentence', (error, client, sentence) => {
  const known = toUserError(error, client)
  expect(known).toBeInstanceOf(UserError)
  expect(known).toMatchObject({exitCode: 1, cause: error, message: expect.stringMatching(sentence) as string})
})

test.each([new TypeError('x is not a function'), new UserError('as it is', {exitCode: 2}), 'no error'])(
  '%o stays as it is',
  (error) => {
    expect(toUserError(error, live)).toBe(error)
  },
)

/** As from another copy of its package. */
function named(name: string, message: string): Error {
  return Object.assign(new Error(message), {name})
}

function notFound(): Error {
  return Object.assign(named('RpcError', 'There is no session 0123456789'), {code: errorCodes.sessionNotFound})
}

function zodError(): unknown {
  try {
    return parseResult('session.create', {})
  } catch (error) {
    return error
  }
}
