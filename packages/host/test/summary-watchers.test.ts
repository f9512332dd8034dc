import {createSessionId, type SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createSummaryWatchers} from '../src/server/summary-watchers.ts'

test('a peer that goes with a full queue gets no summary, and is asked for room once', async () => {
  const gone = Promise.withResolvers<void>()
  const notified: unknown[] = []
  let drains = 0
  const peer = {
    notify: (_: string, params: unknown) => notified.push(params) > 0,
    queuedBytes: 100_000,
    // It resolves for a peer that is gone, too.
    async drained() {
      drains++
      await gone.promise
      // A loop would never let a timer run: the test would hang.
      if (drains > 10) throw new Error('Expected to be asked once')
    },
    close: () => Promise.resolve(),
  }
  const id = createSessionId()
  let state: SessionSummary['state'] = 'idle'
  const summaries = createSummaryWatchers(() => ({
    id,
    title: 'one',
    agent: 'shell',
    cwd: '/',
    state,
    created_at: 1,
    updated_at: 1,
  }))
  summaries.add(peer)
  state = 'running'
  summaries.look()
  await expect.poll(() => drains).toBe(1)
  gone.resolve()
  await new Promise(setImmediate)
  expect(drains).toBe(1)
  expect(notified).toEqual([])
})
