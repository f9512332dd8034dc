import {errorCodes, maxOpenSessions} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {createGatewayHome, type GatewayHome, type TestClient} from './fixtures/gateway-home.ts'
import {serveHosts} from './fixtures/serve-hosts.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(() => home[Symbol.asyncDispose]())

const resume = ({peer}: TestClient, session_id: string) => peer.request('session.resume', {session_id, after_seq: 1})
const createSessions = (count: number) => Array.from({length: count}, () => home.createSession())

test('a client watches a bounded number of sessions, and another one after it left one', async () => {
  const ids = createSessions(maxOpenSessions + 1)
  await using hosts = await serveHosts(home.path, ids)
  const client = home.connect()
  const last = ids.at(-1)!
  for (const id of ids.slice(0, -1)) await resume(client, id)
  await expect(resume(client, last)).rejects.toMatchObject({
    code: errorCodes.tooMany,
    message: `This client watches ${maxOpenSessions} sessions, the most it may: leave one first`,
  })
  await client.peer.request('session.leave', {session_id: ids[0]})
  await expect(resume(client, last)).resolves.toMatchObject({latest_seq: 1})
  await expect.poll(() => hosts.peers.size).toBe(maxOpenSessions)
})

test('a client that opens and leaves one session after another keeps a bounded number of connections', async () => {
  const ids = createSessions(maxOpenSessions + 20)
  await using hosts = await serveHosts(home.path, ids)
  const client = home.connect()
  for (const session_id of ids) {
    await resume(client, session_id)
    await client.peer.request('session.leave', {session_id})
  }
  await expect.poll(() => hosts.peers.size).toBe(maxOpenSessions)
})

test('a host that does not read what many clients send it loses the connection of one: together they have a bound', async () => {
  const session_id = home.createSession()
  const clients = Array.from({length: 8}, () => home.connect())
  for (const client of clients) await resume(client, session_id)
  const host = home.host()
  process.kill(host, 'SIGSTOP')
  const input = {session_id, text: 'x'.repeat(20_000_000)}
  const inputs = clients.map(({peer}) => peer.request('session.input', input))
  // Nobody knows whether the host has typed it, so it is not sent again.
  await expect(Promise.race(inputs)).rejects.toMatchObject({code: errorCodes.hostUnavailable})
  process.kill(host, 'SIGKILL')
  await Promise.allSettled(inputs)
})
