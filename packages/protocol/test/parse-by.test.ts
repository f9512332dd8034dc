import {expect, test} from 'vitest'

import {createSessionId, describeParseError, parseEvent, parseParams, parseResult} from '../src/index.ts'

const session_id = createSessionId()

function complaint(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    return describeParseError(error)
  }
  throw new Error('Expected what does not fit to be refused')
}

test.each([
  [{cols: 0}, 'cols: Too small: expected number to be >=1'],
  [{cols: 1.5}, 'cols: Invalid input: expected int, received number'],
  [{title: 7}, 'title: Invalid input: expected string, received number'],
  ['no object', 'params: Invalid input: expected object, received string'],
])('params that do not fit are answered in words: %o', (params, words) => {
  expect(complaint(() => parseParams('session.create', params))).toBe(words)
})

test('so is a result', () => {
  expect(complaint(() => parseResult('session.close', {closed: 'yes'}))).toBe(
    'closed: Invalid input: expected boolean, received string',
  )
})

test('so are the head of an event and its payload', () => {
  const event = {type: 'message.delta', session_id, seq: 3, at: 9, payload: {prompt_id: 'p', text: 'hi'}}
  expect(complaint(() => parseEvent({...event, seq: 0}))).toBe('seq: Too small: expected number to be >=1')
  expect(complaint(() => parseEvent({...event, payload: {prompt_id: 'p', text: 7}}))).toBe(
    'text: Invalid input: expected string, received number',
  )
})

test('a number that is too large to be whole is complained of once', () => {
  expect(complaint(() => parseParams('session.events', {session_id, after_seq: 1e300}))).toBe(
    'after_seq: Too big: expected int to be <=9007199254740991',
  )
})
