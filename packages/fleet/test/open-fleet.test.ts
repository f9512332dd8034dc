import {expect, test} from 'vitest'

import {openFleet} from '../src/stream/open-fleet.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {startCluster, startServer} from './fixtures/start-servers.ts'
import {openTestFleet} from './fixtures/test-fleet.ts'

test('a fleet keeps the promise that it was made with', async () => {
  const server = await startServer()
  expect((await openTestFleet([server], {promise: 'replicated', shards: 3})).promise).toBe('replicated')
  expect((await openTestFleet([server], {promise: 'local'})).promise).toBe('replicated')
  expect((await openTestFleet([server], {name: 'other'})).promise).toBe('local')
})

test('of machines that make a fleet at once with different promises, all get the same one', async () => {
  const server = await startServer()
  const promises = ['replicated', 'local', 'replicated', 'local'] as const
  const fleets = await Promise.all(promises.map((promise) => openTestFleet([server], {promise, shards: 32})))
  expect(new Set(fleets.map(({promise}) => promise)).size).toBe(1)
})

test('a fleet without a description is local, and one with a promise of a newer version is refused', async () => {
  const server = await startServer()
  const {streams} = natsOf(await openTestFleet([server], {promise: 'replicated'})).manager
  await streams.update('holdfast-main-0-of-1', {description: 'made by hand'})
  expect((await openTestFleet([server])).promise).toBe('local')
  await streams.update('holdfast-main-0-of-1', {description: 'Sessions of Holdfast, promise=quorum'})
  await expect(openFleet([server.url], {replicas: 1})).rejects.toMatchObject({
    code: 'newer-format',
    message: 'The fleet was made with promise quorum, expected local or replicated: update this machine',
  })
})

test('wrong credentials are refused by servers that name one another, whichever of them is asked', async () => {
  const servers = await startCluster({advertise: true, settings: 'authorization {user: box, password: right}'})
  const urls = servers.map(({url}) => url)
  for (const asked of [urls.slice(0, 1), urls]) {
    await expect(openFleet(asked, {user: 'box', password: 'wrong'})).rejects.toMatchObject({code: 'forbidden'})
  }
})
