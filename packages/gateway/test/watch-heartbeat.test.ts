import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {watchHeartbeat} from '../src/hosts/watch-heartbeat.ts'

/** A host that answers what it is asked when the test says so, and who watches it. */
function watchHost(options: {everyMs: number; answerMs: number}) {
  const [near, far] = createMemoryPair()
  const [asked, said]: [(() => void)[], string[]] = [[], []]
  let onSaid = () => {}
  const say = (what: string) => {
    said.push(what)
    onSaid()
  }
  const host = createConnection(far, {
    handlers: {'gateway.ping': () => new Promise<void>((resolve) => asked.push(resolve))},
  })
  const line = createConnection(near)
  watchHeartbeat(line, {...options, onUnresponsive: (ms) => say(`silent for ${ms}`), onResponsive: () => say('heard')})
  return {host, line, asked, said, untilSaid: () => new Promise<void>((resolve) => (onSaid = resolve))}
}

test('a host that does not answer is silent, once, until it does; one question waits for it', async () => {
  const {line, asked, said, untilSaid} = watchHost({everyMs: 1, answerMs: 20})
  await untilSaid()
  expect(said).toEqual(['silent for 20'])
  expect(asked).toHaveLength(1)
  const heard = untilSaid()
  asked[0]?.()
  await heard
  expect(said).toEqual(['silent for 20', 'heard'])
  await untilSaid()
  expect(said.at(-1)).toBe('silent for 20')
  expect(asked).toHaveLength(2)
  await line.close()
})

test('a host that answers is asked again and again, and nothing is told of it', async () => {
  const {line, asked, said} = watchHost({everyMs: 1, answerMs: 5000})
  for (let count = 0; count < 5; count++) {
    await expect.poll(() => asked.length).toBe(count + 1)
    asked[count]?.()
  }
  expect(said).toEqual([])
  await line.close()
})

test('nothing is told of a host that is gone, nor when its last question was never answered', async () => {
  const {host, line, asked, said, untilSaid} = watchHost({everyMs: 1, answerMs: 1})
  await untilSaid()
  await host.close()
  await line.closed
  await new Promise(setImmediate)
  expect(said).toEqual(['silent for 1'])
  expect(asked).toHaveLength(1)
})
