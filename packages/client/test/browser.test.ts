import type {Transport} from '@holdfast/rpc'
import {listenWebSocket, type WebSocketListener} from '@holdfast/transport/websocket'
import {afterEach, expect, test, vi} from 'vitest'

import {browserGateway, type BrowserGatewayOptions} from '../src/browser.ts'
import {createClient} from '../src/create-client.ts'
import {output} from './fixtures/open-client.ts'
import {createScriptedGateway, type ScriptedGateway} from './fixtures/scripted-gateway.ts'

// The `WebSocket` of Node has the interface of a browser's.
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const cleanUp of cleanups.splice(0).toReversed()) await cleanUp()
})

async function serve(gateway: ScriptedGateway, port = 0): Promise<WebSocketListener & {drop(): Promise<void>}> {
  const transports = new Set<Transport>()
  const listener = await listenWebSocket({port}, (far) => void join(far))
  async function join(far: Transport): Promise<void> {
    transports.add(far)
    const near = await gateway.connect(1, new AbortController().signal)
    far.listen({message: (message) => void near.write(message as never)})
    near.listen({message: (message) => void far.write(message as never)})
    void far.closed.then(() => near.close())
    void near.closed.then(() => far.close())
  }
  const drop = async () => void (await Promise.all([...transports].map((transport) => transport.close('dropped'))))
  cleanups.push(async () => {
    await listener.close()
    await drop()
  })
  return {...listener, drop}
}

function open(options: BrowserGatewayOptions) {
  const gateway = browserGateway(options)
  const client = createClient({gateway})
  cleanups.push(() => client.close())
  return {gateway, client}
}

test('a lost connection is opened again, and the session continues without a gap', async () => {
  const scripted = createScriptedGateway()
  const first = await serve(scripted)
  const id = scripted.createSession()
  const planned: number[] = []
  const {client} = open({url: first.url, onPlan: (at) => planned.push(at)})
  const seqs: number[] = []
  const session = await client.openSession(id, {onEvent: ({seq}) => seqs.push(seq)})
  await first.close()
  await first.drop()
  scripted.append(id, output('while it was gone'))
  await expect.poll(() => session.status).toMatchObject({kind: 'recovering', of: Infinity})
  expect(planned).toHaveLength(1)
  await serve(scripted, Number(new URL(first.url).port))
  await expect.poll(() => session.status).toEqual({kind: 'live'})
  scripted.append(id, output('and after'))
  await expect.poll(() => seqs).toEqual([1, 2, 3])
})

test('the first connection is tried again, too', async () => {
  const scripted = createScriptedGateway()
  const {url, close} = await serve(scripted)
  await close()
  const {client} = open({url})
  const pong = client.request('gateway.ping', {})
  await expect.poll(() => client.status).toMatchObject({kind: 'recovering'})
  await serve(scripted, Number(new URL(url).port))
  client.retry()
  expect(await pong).toEqual({})
})

test('a server that refuses this browser is not tried again; one that cannot be asked is', async () => {
  const {url, close} = await serve(createScriptedGateway())
  await close()
  const refused = open({url, isAllowed: async () => false})
  await expect(refused.client.request('gateway.ping', {})).rejects.toMatchObject({
    code: 'gave-up',
    cause: {name: 'RefusedError'},
  })
  const unknown = open({url, isAllowed: () => Promise.reject(new Error('no network'))})
  unknown.client.request('gateway.ping', {}).catch(() => {})
  await expect.poll(() => unknown.client.status).toMatchObject({kind: 'recovering'})
})

const faked = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] as const

/** A client of a gateway that answers no more pings. The time stands still. */
async function openSilent() {
  const scripted = createScriptedGateway()
  const {url} = await serve(scripted)
  vi.useFakeTimers({toFake: [...faked]})
  const opened = open({url})
  await opened.client.request('gateway.ping', {})
  scripted.script('gateway.ping', ...Array.from({length: 20}, () => 'silence' as const))
  return opened
}

test('a gateway that does not answer a check for 5 s is given up, and found again', async () => {
  const {client, gateway} = await openSilent()
  gateway.check()
  await vi.advanceTimersByTimeAsync(4900)
  expect(client.status).toMatchObject({kind: 'live'})
  await vi.advanceTimersByTimeAsync(200)
  expect(client.status).toMatchObject({kind: 'recovering', end: {message: 'it did not answer for 5 s'}})
  vi.useRealTimers()
  client.retry()
  await expect.poll(() => client.status).toMatchObject({kind: 'live'})
})

test('a gateway from which nothing arrives for 45 s is given up', async () => {
  const {client} = await openSilent()
  await vi.advanceTimersByTimeAsync(40_000)
  expect(client.status).toMatchObject({kind: 'live'})
  await vi.advanceTimersByTimeAsync(10_000)
  expect(client.status).toMatchObject({kind: 'recovering', end: {message: 'its heartbeat timed out'}})
})

test('a gateway that answers stays', async () => {
  const {url} = await serve(createScriptedGateway())
  vi.useFakeTimers({toFake: [...faked]})
  const {client, gateway} = open({url})
  await client.request('gateway.ping', {})
  for (let seconds = 0; seconds < 120; seconds += 5) {
    await vi.advanceTimersByTimeAsync(5000)
    gateway.check()
    // A round trip over the real socket.
    await client.request('gateway.ping', {})
  }
  expect(client.status).toMatchObject({kind: 'live', generation: 1})
})
