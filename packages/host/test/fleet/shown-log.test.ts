import {expect, test} from 'vitest'

import {createShownLog} from '../../src/fleet/shown-log.ts'
import {createSessionLog} from '../fixtures/session-log.ts'

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
