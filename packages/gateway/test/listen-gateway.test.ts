import {openAccessStore, type AccessStore} from '@holdfast/access'
import {errorCodes, readRefusal} from '@holdfast/protocol'
import {createConnection, type Connection} from '@holdfast/rpc'
import {connectWebSocket} from '@holdfast/transport/websocket'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {listenGateway, type GatewayListener, type ListenGatewayOptions} from '../src/listen-gateway.ts'
import {createGatewayHome, isAlive, until, type GatewayHome} from './fixtures/gateway-home.ts'

const token = 'a-token-of-the-test'
let home: GatewayHome
const listeners: GatewayListener[] = []
const stores: AccessStore[] = []
const clients: Connection[] = []
beforeEach(() => void (home = createGatewayHome()))
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close('the test is over')))
  await Promise.all(clients.splice(0).map((client) => client.close()))
  for (const store of stores.splice(0)) store.close()
  await home[Symbol.asyncDispose]()
})

function openAccess(): AccessStore {
  const store = openAccessStore(`${home.path}/access.db`)
  stores.push(store)
  return store
}

async function listen(options: Partial<ListenGatewayOptions> = {}): Promise<GatewayListener> {
  const {hostCommand, version, breadcrumbs} = home.options()
  const listener = await listenGateway(
    {},
    {home: home.path, hostCommand, version, breadcrumbs, token, access: openAccess(), ...options},
  )
  listeners.push(listener)
  return listener
}

async function connect(url: string): Promise<{client: Connection; seqs: number[]}> {
  const client = createConnection(await connectWebSocket(url, {token}))
  clients.push(client)
  const seqs: number[] = []
  client.subscribe('event', (event) => {
    const {seq} = event as {seq?: number}
    if (seq !== undefined) seqs.push(seq)
  })
  return {client, seqs}
}

test('each client has a gateway of its own, and all see the same sessions', async () => {
  const {url} = await listen()
  const session_id = home.createSession()
  const [one, other] = [await connect(url), await connect(url)]
  for (const {client} of [one, other]) await client.request('session.resume', {session_id, after_seq: 0})
  await one.client.request('prompt.submit', {session_id, prompt_id: 'p', text: 'print 3'})
  await until(() => expect(one.seqs.length).toBeGreaterThan(4))
  await until(() => expect(other.seqs).toEqual(one.seqs))
  expect(home.hosts()).toHaveLength(1)
})

test('a client that disconnects takes nothing with it', async () => {
  const {url} = await listen()
  const session_id = home.createSession()
  const first = await connect(url)
  await first.client.request('session.resume', {session_id, after_seq: 0})
  await first.client.close()
  const second = await connect(url)
  expect(await second.client.request('session.resume', {session_id, after_seq: 0})).toMatchObject({latest_seq: 1})
  expect(home.hosts()).toHaveLength(1)
})

test('a client with a wrong token is rejected', async () => {
  const {url} = await listen()
  await expect(connectWebSocket(url, {token: 'another'})).rejects.toMatchObject({code: 'refused'})
})

test('one client too many is disconnected, and can connect when another has left', async () => {
  const {url} = await listen({maxClients: 1})
  const first = await connect(url)
  await first.client.request('gateway.ping')
  const {client: second} = await connect(url)
  const firstMessage = new Promise((resolve) => second.subscribe('event', resolve))
  expect(readRefusal(await firstMessage)).toEqual({
    code: errorCodes.tooMany,
    message: 'too many clients: the limit is 1',
  })
  expect(await second.closed).toMatchObject({by: 'peer', message: 'too many clients: the limit is 1'})
  await first.client.close()
  await until(async () => {
    const third = await connect(url)
    await third.client.request('gateway.ping')
  })
})

test('closing disconnects clients, accepts no new ones and leaves hosts running', async () => {
  const {url, close} = await listen()
  const {client} = await connect(url)
  await client.request('session.resume', {session_id: home.createSession(), after_seq: 0})
  await close('the server ends')
  expect(await client.closed).toMatchObject({by: 'peer', message: expect.stringContaining('the server ends')})
  expect(isAlive(home.host())).toBe(true)
  await expect(connectWebSocket(url, {token})).rejects.toMatchObject({code: 'nobody-listens'})
})

test('breadcrumbs of connections do not contain the token', async () => {
  const recorded: unknown[] = []
  const breadcrumbs = {
    record: (...given: unknown[]) => void recorded.push(given),
    with: () => breadcrumbs,
    tail: () => [],
  }
  const {url} = await listen({breadcrumbs})
  const {client} = await connect(url)
  await client.request('gateway.ping')
  await client.close()
  await until(() =>
    expect(recorded).toEqual([
      ['client-connected', {client: 'token', read_only: false, clients: 1}],
      ['client-disconnected', expect.objectContaining({client: 'token', clients: 0, by: 'peer'})],
    ]),
  )
  expect(JSON.stringify(recorded)).not.toContain(token)
})
