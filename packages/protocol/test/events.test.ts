import {expect, test} from 'vitest'

import {createSessionId, greetingProblem, parseEvent, protocolVersion, readEnvelope} from '../src/index.ts'

const session_id = createSessionId()
const delta = {type: 'message.delta', session_id, seq: 3, at: 9, payload: {prompt_id: 'p', text: 'hi'}}

test('parses a logged event', () => {
  expect(parseEvent(delta)).toEqual(delta)
})

test('keeps payload keys that a newer peer added', () => {
  expect(parseEvent({...delta, payload: {...delta.payload, colour: 'red'}})).toMatchObject({payload: {colour: 'red'}})
})

test('an event of an unknown type keeps its seq', () => {
  expect(parseEvent({...delta, type: 'from.the.future', payload: {entries: []}})).toEqual({
    type: 'unknown',
    session_id,
    seq: 3,
    at: 9,
  })
})

test.each([
  ['a payload that does not match its schema', {...delta, payload: {text: 'hi'}}],
  ['no seq', {...delta, seq: undefined}],
  ['a seq below 1', {...delta, seq: 0}],
  ['no session', {...delta, session_id: 'not-an-id'}],
  ['a string', 'message.delta'],
])('rejects %s', (_what, params) => {
  expect(() => parseEvent(params)).toThrow()
})

test('an ephemeral event needs no seq', () => {
  const payload = {code: 5001, message: 'gone'}
  expect(parseEvent({type: 'session.unavailable', session_id, payload})).toMatchObject({payload})
})

test('readEnvelope does not parse the payload', () => {
  expect(readEnvelope({...delta, payload: 'anything'})).toMatchObject({type: 'message.delta', session_id, seq: 3})
  expect(readEnvelope({type: 'gateway.ready', payload: {}})).toBeUndefined()
})

test('greetingProblem accepts a greeting of a supported protocol version only', () => {
  const greet = (protocol: number) => greetingProblem({type: 'gateway.ready', payload: {protocol, version: '9.9.9'}})
  expect(greet(protocolVersion)).toBeUndefined()
  expect(greet(protocolVersion + 1)).toMatch(
    /^The peer \(version 9.9.9\) speaks protocol 3, this program speaks 2: update /,
  )
  expect(greet(0)).toMatch(/speaks protocol 0/)
  expect(greetingProblem(delta)).toMatch(/is missing, the first event is `message.delta`: check/)
  expect(greetingProblem('hello')).toMatch(/is missing, the first message is not an event: check/)
})

test.each(['constructor', 'toString', '__proto__'])('the event type `%s` is unknown', (type) => {
  expect(parseEvent({...delta, type})).toMatchObject({type: 'unknown', seq: 3})
})
