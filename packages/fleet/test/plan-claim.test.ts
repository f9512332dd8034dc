import {expect, test} from 'vitest'

import {openingOf} from '../src/claim/plan-claim.ts'
import type {LogEnvelope} from '../src/stream/envelope.ts'

const log = (first: number, last: number, piece?: [number, number]): LogEnvelope => {
  const envelope = {v: 1, kind: 'log', epoch: 1, machine: 'old', after: 9, first, last, at: last * 10} as const
  return piece === undefined ? envelope : {...envelope, piece}
}
const next = {epoch: 2, machine: 'new', after: 30}

test('a claim goes on after the furthest event, although the last message is a late copy of an earlier one', () => {
  expect(openingOf([log(3, 6), log(3, 4)], next)).toMatchObject({first: 7, last: 6, at: 60, epoch: 2, after: 30})
})

test('a claim leaves out an event whose last piece is not stored', () => {
  expect(openingOf([log(3, 6), {...log(7, 7, [1, 2]), at: 60}], next)).toMatchObject({first: 7, last: 6, at: 60})
})

test('the first claim of a session begins with event 1', () => {
  expect(openingOf([], next)).toMatchObject({first: 1, last: 0, at: 0})
})
