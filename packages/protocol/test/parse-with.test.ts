import {expect, test} from 'vitest'

import {createSessionId, describeParseError, parseEvent, parseParams, parseResult} from '../src/index.ts'

const session_id = createSessionId()

function complaint(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    return describeParseError(error)
  }
  throw new Error('Expected an error, got none')
}

test.each([
  [{cols: 0}, 'cols: Too small: expected number to be >=1'],
  [{cols: 1.5}, 'cols: Invalid input: expected int, received number'],
  [{title: 7}, 'title: Invalid input: expected string, received number'],
  ['no object', 'params: Invalid input: expected object, received string'],
])('describes invalid params in English: %o', (params, text) => {
  expect(complaint(() => parseParams('session.create', params))).toBe(text)
})

test('describes an invalid result', () => {
  expect(complaint(() => parseResult('session.close', {closed: 'yes'}))).toBe(
    'closed: Invalid input: expected boolean, received string',
  )
})

test('describes an invalid envelope and an invalid payload', () => {
  const event = {type: 'message.delta', session_id, seq: 3, at: 9, payload: {prompt_id: 'p', text: 'hi'}}
  expect(complaint(() => parseEvent({...event, seq: 0}))).toBe('seq: Too small: expected number to be >=1')
  expect(complaint(() => parseEvent({...event, payload: {prompt_id: 'p', text: 7}}))).toBe(
    'text: Invalid input: expected string, received number',
  )
})

test('reports a number beyond the safe integers once', () => {
  expect(complaint(() => parseParams('session.events', {session_id, after_seq: 1e300}))).toBe(
    'after_seq: Too big: expected int to be <=9007199254740991',
  )
})
