import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {mergeLists} from '../../src/fleet/merge-lists.ts'
import {summaryOf} from '../fixtures/session-summary.ts'

const idsOf = ({sessions}: {sessions: readonly SessionSummary[]}) => sessions.map(({id}) => id)

test('sessions of all machines come in the order of their last use, with their machine', () => {
  const merged = mergeLists([
    {machine: 'a', sessions: [summaryOf('x', {updated_at: 3}), summaryOf('y', {updated_at: 1})]},
    {machine: 'b', sessions: [summaryOf('z', {updated_at: 2})]},
  ])
  expect(merged).toEqual({
    sessions: [
      summaryOf('x', {updated_at: 3, machine: 'a'}),
      summaryOf('z', {updated_at: 2, machine: 'b'}),
      summaryOf('y', {updated_at: 1, machine: 'a'}),
    ],
  })
})

test('a home that belongs to no fleet names no machine', () => {
  expect(mergeLists([{machine: undefined, sessions: [summaryOf('x')]}]).sessions).toEqual([summaryOf('x')])
})

test.each([
  ['the one that runs it', {state: 'stopped', updated_at: 9, latest_seq: 9}, {state: 'running', updated_at: 1}],
  ['the one that has seen more of it', {state: 'closed', latest_seq: 5}, {state: 'closed', latest_seq: 7}],
  ['the one with the newer use', {state: 'stopped', updated_at: 5}, {state: 'stopped', updated_at: 7}],
  ['the one that can read its log', {state: 'unreadable', updated_at: 9}, {state: 'stopped'}],
] as const)('of a session that two machines list, %s counts', (_which, stale, current) => {
  const old = {machine: 'a', sessions: [summaryOf('x', stale)]}
  const now = {machine: 'b', sessions: [summaryOf('x', current)]}
  for (const pages of [
    [old, now],
    [now, old],
  ]) {
    expect(mergeLists(pages).sessions).toEqual([summaryOf('x', {...current, machine: 'b'})])
  }
})

test('a page ends where the first page of a machine ends, and the next one goes on there', () => {
  const merged = mergeLists([
    {machine: 'a', sessions: [summaryOf('1'), summaryOf('4')], next: '4'},
    {machine: 'b', sessions: [summaryOf('2'), summaryOf('3'), summaryOf('9')]},
  ])
  expect(idsOf(merged).sort()).toEqual(['1', '2', '3', '4'])
  expect(merged.next).toBe('4')
})

test('a page has at most `maxBytes`, but at least one session', () => {
  const pages = [
    {machine: 'a', sessions: [summaryOf('1'), summaryOf('3')]},
    {machine: 'b', sessions: [summaryOf('2')]},
  ]
  expect(mergeLists(pages, {maxBytes: 1})).toMatchObject({sessions: [{id: '1'}], next: '1'})
  expect(mergeLists(pages, {maxBytes: 300})).toMatchObject({sessions: [{id: '1'}, {id: '2'}], next: '2'})
})

test('a log that a machine has of a session that another one holds counts only if nobody else lists it', () => {
  const old = {machine: 'a', sessions: [summaryOf('x', {state: 'stopped', updated_at: 9})]}
  const now = {machine: 'b', sessions: [summaryOf('x', {state: 'closed', updated_at: 5})]}
  const holders = new Map([['x', {machine: 'b', state: 'closed'} as const]])
  expect(mergeLists([old, now], {holders}).sessions).toMatchObject([{state: 'closed', machine: 'b'}])
  expect(mergeLists([old], {holders}).sessions).toMatchObject([{state: 'stopped', machine: 'b', updated_at: 9}])
})

test('a session that was deleted is not listed, though a machine that was away has its log', () => {
  const holders = new Map([['x', {machine: 'a', state: 'deleted'} as const]])
  expect(mergeLists([{machine: 'a', sessions: [summaryOf('x'), summaryOf('y')]}], {holders}).sessions).toHaveLength(1)
})
