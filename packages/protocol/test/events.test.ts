import {expect, test} from 'vitest'

import {createSessionId, greetingProblem, parseEvent, protocolVersion, readEnvelope} from '../src/index.ts'

const session_id = createSessionId()
const delta = {type: 'message.delta', session_id, seq: 3, at: 9, payload: {prompt_id: 'p', text: 'hi'}}

test('parses a logged event', () => {
  expect(parseEvent(delta)).toEqual(delta)
})

test('keeps what a newer peer says beyond what is known here', () => {
  expect(parseEvent({...delta, payload: {...delta.payload, colour: 'red'}})).toMatchObject({payload: {colour: 'red'}})
})

test('an event of a type that is not known here still counts', () => {
  expect(parseEvent({...delta, type: 'plan.update', payload: {entries: []}})).toEqual({
    type: 'unknown',
    session_id,
    seq: 3,
    at: 9,
  })
})

test.each([
  ['a payload that does not fit', {...delta, payload: {text: 'hi'}}],
  ['no seq', {...delta, seq: undefined}],
  ['a seq that is no number of an event', {...delta, seq: 0}],
  ['no session', {...delta, session_id: 'not-an-id'}],
  ['no object', 'message.delta'],
])('refuses %s', (_what, params) => {
  expect(() => parseEvent(params)).toThrow()
})

test('an event that only matters now needs no seq', () => {
  const payload = {code: 5001, message: 'gone'}
  expect(parseEvent({type: 'session.unavailable', session_id, payload})).toMatchObject({payload})
})

test('the head of an event is read without its payload', () => {
  expect(readEnvelope({...delta, payload: 'anything'})).toMatchObject({type: 'message.delta', session_id, seq: 3})
  expect(readEnvelope({type: 'gateway.ready', payload: {}})).toBeUndefined()
})

test('a greeting fits when its protocol is understood', () => {
  const greet = (protocol: number) => greetingProblem({type: 'gateway.ready', payload: {protocol, version: '9.9.9'}})
  expect(greet(protocolVersion)).toBeUndefined()
  expect(greet(protocolVersion + 1)).toMatch(/Expected protocol 2 to 2, the other side \(version 9.9.9\) speaks 3/)
  expect(greet(0)).toMatch(/speaks 0/)
  expect(greetingProblem(delta)).toMatch(/Expected the greeting .* got `message.delta`/)
  expect(greetingProblem('hello')).toMatch(/got something that is no event/)
})

test.each(['constructor', 'toString', '__proto__'])('an event of the type `%s` is one that is not known', (type) => {
  expect(parseEvent({...delta, type})).toMatchObject({type: 'unknown', seq: 3})
})
