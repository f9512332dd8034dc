import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {watchHeartbeat} from '../src/hosts/watch-heartbeat.ts'

/** Watches a host that answers a ping when the test calls the next function in `pings`. */
function watchHost(options: {intervalMs: number; timeoutMs: number}) {
  const [near, far] = createMemoryPair()
  const [pings, reports]: [(() => void)[], string[]] = [[], []]
  let onReport = () => {}
  const report = (what: string) => {
    reports.push(what)
    onReport()
  }
  const host = createConnection(far, {
    handlers: {'gateway.ping': () => new Promise<void>((resolve) => pings.push(resolve))},
  })
  const connection = createConnection(near)
  watchHeartbeat(connection, {
    ...options,
    onUnresponsive: (ms) => report(`unresponsive for ${ms}`),
    onResponsive: () => report('responsive'),
  })
  return {host, connection, pings, reports, nextReport: () => new Promise<void>((resolve) => (onReport = resolve))}
}

test('a host that does not answer is reported once until it answers, with one ping under way', async () => {
  const {connection, pings, reports, nextReport} = watchHost({intervalMs: 1, timeoutMs: 20})
  await nextReport()
  expect(reports).toEqual(['unresponsive for 20'])
  expect(pings).toHaveLength(1)
  const answered = nextReport()
  pings[0]?.()
  await answered
  expect(reports).toEqual(['unresponsive for 20', 'responsive'])
  await nextReport()
  expect(reports.at(-1)).toBe('unresponsive for 20')
  expect(pings).toHaveLength(2)
  await connection.close()
})

test('a host that answers gets pings, and nothing is reported', async () => {
  const {connection, pings, reports} = watchHost({intervalMs: 1, timeoutMs: 5000})
  for (let count = 0; count < 5; count++) {
    await expect.poll(() => pings.length).toBe(count + 1)
    pings[count]?.()
  }
  expect(reports).toEqual([])
  await connection.close()
})

test('nothing is reported after the connection closed, even with an unanswered ping', async () => {
  const {host, connection, pings, reports, nextReport} = watchHost({intervalMs: 1, timeoutMs: 1})
  await nextReport()
  await host.close()
  await connection.closed
  await new Promise(setImmediate)
  expect(reports).toEqual(['unresponsive for 1'])
  expect(pings).toHaveLength(1)
})
