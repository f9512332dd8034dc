import type {Transport} from '@holdfast/rpc'
import {listenWebSocket, type WebSocketListener} from '@holdfast/transport/websocket'
import {afterEach, expect, test} from 'vitest'

import {createClient, type Client} from '../src/create-client.ts'
import {remoteGateway} from '../src/remote.ts'
import {output} from './fixtures/open-client.ts'
import {createScriptedGateway, type ScriptedGateway} from './fixtures/scripted-gateway.ts'

const token = 'a-token-of-the-test'
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).toReversed()) await cleanUp()
})

/** Serves a scripted gateway; `drop` cuts all connections. */
async function serve(gateway: ScriptedGateway, port = 0): Promise<WebSocketListener & {drop(): Promise<void>}> {
  const transports = new Set<Transport>()
  const listener = await listenWebSocket({port}, (far) => void join(far), {token})
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

function clientOf(url: string, sentToken = token): Client {
  const client = createClient({gateway: remoteGateway({url, token: sentToken})})
  cleanups.push(() => client.close())
  return client
}

test('clients of one server reconnect at moments of their own, between half of the delay and all of it', () => {
  const {plan} = remoteGateway({url: 'ws://127.0.0.1:1'})
  const history = [
    {kind: 'start', at: 0},
    {kind: 'end', at: 1000},
  ] as const
  const delays = Array.from({length: 100}, () => plan?.(history, 1000)).map((planned) =>
    planned?.kind === 'restart' ? planned.delayMs : NaN,
  )
  expect(new Set(delays).size).toBeGreaterThan(50)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(500)
  expect(Math.max(...delays)).toBeLessThanOrEqual(1000)
})

test('reconnects to a lost server, and the session continues without a gap', async () => {
  const gateway = createScriptedGateway()
  const first = await serve(gateway)
  const id = gateway.createSession()
  const [seqs, statuses]: [number[], unknown[]] = [[], []]
  const session = await clientOf(first.url).openSession(id, {
    onEvent: ({seq}) => seqs.push(seq),
    onStatus: (status) => statuses.push(status),
  })
  await first.close()
  await first.drop()
  gateway.append(id, output('while it was gone'))
  await expect.poll(() => session.status).toMatchObject({kind: 'recovering', attempt: 1, of: Infinity})
  await serve(gateway, Number(new URL(first.url).port))
  await expect.poll(() => session.status).toEqual({kind: 'live'})
  gateway.append(id, output('and after'))
  await expect.poll(() => seqs).toEqual([1, 2, 3])
})

test('does not repeat the first connection', async () => {
  const {url, close} = await serve(createScriptedGateway())
  await close()
  const client = clientOf(url)
  await expect(client.request('gateway.ping', {})).rejects.toMatchObject({
    code: 'gave-up',
    cause: {code: 'nobody-listens'},
  })
  expect(client.status).toMatchObject({kind: 'gave-up', reason: 'not-startable', attempts: 0})
})

test('does not repeat a connection that the server refuses, even after the first one', async () => {
  const {url} = await serve(createScriptedGateway())
  await expect(clientOf(url, 'another').request('gateway.ping', {})).rejects.toMatchObject({cause: {code: 'refused'}})
  const {isStartable, connect} = remoteGateway({url, token})
  const transport = await connect(1, new AbortController().signal)
  cleanups.push(() => transport.close())
  const refused: unknown = await remoteGateway({url, token: 'another'})
    .connect(1, new AbortController().signal)
    .catch((error: unknown) => error)
  expect([isStartable?.(refused), isStartable?.(new Error('the network is gone'))]).toEqual([false, true])
})
