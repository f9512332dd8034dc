import {createSessionId, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createSessionFeed} from '../src/session-feed.ts'

const session_id = createSessionId()
const info = {title: 'one', agent: 'shell', cwd: '/', created_at: 1}
const base: SessionState = {
  session_id,
  info,
  updated_at: 1,
  running: null,
  queue: [],
  held: null,
  draft: '',
  approvals: [],
  closed: null,
}

const renamed = (seq: number): SessionEvent => ({
  type: 'session.info',
  session_id,
  seq,
  at: seq,
  payload: {...info, title: `title ${seq}`},
})

function openFeed() {
  const seqs: number[] = []
  const gaps: number[] = []
  const feed = createSessionFeed({
    onEvent: ({seq}) => seqs.push(seq),
    onGap: (seq) => gaps.push(seq),
  })
  return {feed, seqs, gaps, take: (...taken: number[]) => taken.forEach((seq) => feed.take(renamed(seq), undefined))}
}

test('holds events back until begin', () => {
  const {feed, seqs, take} = openFeed()
  take(4, 5, 6)
  expect(seqs).toEqual([])
  feed.begin(base, 5, 4)
  expect(seqs).toEqual([5, 6])
})

test('holds back a bounded number of events; those that it drops leave a gap', () => {
  const {feed, seqs, gaps, take} = openFeed()
  feed.begin(base, 0, 0)
  feed.hold()
  for (let seq = 1; seq <= 10_002; seq++) take(seq)
  feed.release({areRepeated: false})
  take(10_003)
  expect([seqs.length, gaps]).toEqual([10_000, [10_003]])
})

test('passes each event on once and in order, although some arrive twice', () => {
  const {feed, seqs, gaps, take} = openFeed()
  feed.begin(base, 3, 0)
  take(1, 1, 2, 1, 2, 3, 3, 4)
  expect(seqs).toEqual([1, 2, 3, 4])
  expect(gaps).toEqual([])
})

test('reports each event beyond a gap, and passes none of them', () => {
  const {feed, seqs, gaps, take} = openFeed()
  feed.begin(base, 2, 2)
  take(3, 5, 6, 7)
  expect([seqs, gaps]).toEqual([[3], [5, 6, 7]])
  take(4, 5, 8, 9)
  expect([seqs, gaps]).toEqual([
    [3, 4, 5],
    [5, 6, 7, 8, 9],
  ])
})

test('the first state includes later events, and reduces none twice', () => {
  const {feed, take} = openFeed()
  feed.begin({...base, info: {...info, title: 'title 3'}}, 3, 0)
  take(1, 2)
  expect(feed.state.info.title).toBe('title 3')
  take(3, 4)
  expect(feed.state.info.title).toBe('title 4')
})

test('a negative afterSeq counts from the end, one beyond the end is the end', () => {
  for (const [afterSeq, lastSeq] of [
    [-2, 8],
    [-20, 0],
    [20, 10],
  ] as const) {
    const {feed} = openFeed()
    feed.begin(base, 10, afterSeq)
    expect(feed.lastSeq).toBe(lastSeq)
  }
})

test('an event of an unknown type keeps its place and does not change the state', () => {
  const {feed, seqs, take} = openFeed()
  feed.begin(base, 0, 0)
  feed.take({type: 'unknown', session_id, seq: 1, at: 1}, undefined)
  expect(feed.state).toBe(base)
  take(2)
  expect(seqs).toEqual([1, 2])
})

test('there is no state before begin', () => {
  const {feed} = openFeed()
  expect(() => feed.state).toThrow('The session is not open yet: its state is unknown')
})
