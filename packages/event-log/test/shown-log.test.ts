import {expect, test} from 'vitest'

import type {EventLog} from '../src/event-log.ts'
import type {EventRange} from '../src/event-range.ts'
import {createMemoryLog} from '../src/memory-log.ts'
import {createShownLog} from '../src/shown-log.ts'

test('the log ends, and its state is that, of the last event that the cluster has', () => {
  const log = createSessionLog()
  let seq = 0
  const shown = createShownLog(log, () => seq)
  const title = (text: string) =>
    log.append([{type: 'session.info', payload: {title: text, agent: 'shell', cwd: '/', created_at: 1}}])
  const seen = () => [shown.latestSeq, shown.state()?.info.title, shown.readEncoded({afterSeq: 0}).length]

  expect(seen()).toEqual([0, undefined, 0])
  seq = 1
  expect(seen()).toEqual([1, 'one', 1])
  title('two')
  title('three')
  expect(seen()).toEqual([1, 'one', 1])
  seq = 2
  expect(seen()).toEqual([2, 'two', 2])
  // The shipper may know more than this log, as after a repair.
  seq = 10
  expect(seen()).toEqual([3, 'three', 3])
  title('four')
  seq = 3
  expect(seen()).toEqual([3, 'three', 3])
  expect(shown.readEncoded({afterSeq: 1, beforeSeq: 3}).map(({event}) => event.seq)).toEqual([2])
})

test('a state far behind the log is reduced in parts, whatever came before', () => {
  const log = createSessionLog()
  for (let count = 0; count < 2500; count++) log.append([{type: 'draft.updated', payload: {text: `${count}`}}])
  const shown = createShownLog(log, () => 2400)
  expect(shown.state()?.draft).toBe('2398')
})

test('reads in the direction of the range, and no prompt from behind the end', () => {
  const log = createSessionLog()
  const start = (prompt_id: string) => log.append([{type: 'message.start', payload: {prompt_id, text: prompt_id}}])
  for (const id of ['a', 'b', 'c']) start(id)
  log.append([{type: 'message.complete', payload: {prompt_id: 'b', status: 'complete'}}])
  const shown = createShownLog(log, () => 3)
  const seqs = (range?: EventRange) => shown.read(range).map(({seq}) => seq)
  expect(seqs()).toEqual([1, 2, 3])
  expect(seqs({limit: 2})).toEqual([1, 2])
  expect(seqs({beforeSeq: 10, limit: 2})).toEqual([2, 3])
  expect(shown.readStartedPrompts().map(({promptId}) => promptId)).toEqual(['b', 'a'])
  expect(shown.readPrompt('b').map(({type}) => type)).toEqual(['message.start'])
})

/** Creates a log that contains event 1. */
function createSessionLog(): EventLog {
  const log = createMemoryLog({sessionId: 'a'})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  return log
}
