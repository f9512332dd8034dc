import type {EventLog} from '@holdfast/event-log'
import type {SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createWatcher, type WatchingPeer} from '../src/server/watcher.ts'
import {createSessionLog} from './fixtures/session-log.ts'

const print = (log: EventLog) =>
  log.append([{type: 'message.delta', payload: {prompt_id: 'a', text: 'y'.repeat(1000)}}])

/** A peer that queues everything until the test drains it. */
function openPeer() {
  const seqs: number[] = []
  const closes: (string | undefined)[] = []
  let queuedBytes = 0
  let room = Promise.withResolvers<void>()
  const peer: WatchingPeer = {
    notify(_method, params) {
      seqs.push((params as SessionEvent).seq)
      queuedBytes += 1000
      return true
    },
    get queuedBytes() {
      return queuedBytes
    },
    drained: () => room.promise,
    close: async (message) => void closes.push(message),
  }
  const catchUp = () => {
    queuedBytes = 0
    room.resolve()
    room = Promise.withResolvers()
  }
  return {peer, seqs, closes, catchUp}
}

test('sends logged events, then new ones, each once', () => {
  const log = createSessionLog()
  print(log)
  const {peer, seqs} = openPeer()
  const watcher = createWatcher(log, peer, 0)
  watcher.wake()
  print(log)
  watcher.wake()
  watcher.wake()
  expect(seqs).toEqual([1, 2, 3])
})

test('a slow peer uses a bounded queue, and gets the rest when it has caught up', async () => {
  const log = createSessionLog()
  const {peer, seqs, catchUp} = openPeer()
  const watcher = createWatcher(log, peer, 0)
  for (let count = 1; count < 5000; count++) {
    print(log)
    watcher.wake()
  }
  expect(seqs.length).toBeLessThan(2500)
  await expect.poll(() => (catchUp(), seqs)).toHaveLength(5000)
  expect(seqs).toEqual(Array.from({length: 5000}, (_, index) => index + 1))
})

test('a stopped watcher sends nothing', () => {
  const log = createSessionLog()
  const {peer, seqs} = openPeer()
  const watcher = createWatcher(log, peer, 0)
  watcher.stop()
  watcher.wake()
  expect(seqs).toEqual([])
})

test('a log that lacks an event closes the connection of the peer, and is not read for ever', () => {
  const log = createSessionLog()
  print(log)
  const {peer, seqs, closes} = openPeer()
  const reads: unknown[] = []
  const short: EventLog = {
    ...log,
    latestSeq: 3,
    readEncoded(range) {
      // Without a bound, this test would not end where it fails.
      if (reads.push(range) > 10) throw new Error('it reads for ever')
      return log.readEncoded(range)
    },
  }
  createWatcher(short, peer, 0).wake()
  expect(seqs).toEqual([1, 2])
  expect(closes).toEqual(['The log lacks event 3, although event 3 exists'])
})

test('a log that cannot be read closes the connection of the peer, not the session', () => {
  const log = createSessionLog()
  const {peer, seqs, closes} = openPeer()
  const broken: EventLog = {
    ...log,
    latestSeq: 1,
    readEncoded() {
      throw new Error('damaged')
    },
  }
  const watcher = createWatcher(broken, peer, 0)
  expect(() => watcher.wake()).not.toThrow()
  expect(closes).toEqual(['damaged'])
  expect(seqs).toEqual([])
})
