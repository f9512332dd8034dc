import {createSessionId} from '@holdfast/protocol'
import {createConnection, type JsonRpcMessage, type Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {expect, test} from 'vitest'

import {connectFleet} from '../src/connect/connect-fleet.ts'
import {addressSubject} from '../src/connect/fleet-address.ts'
import {encodeEnd} from '../src/connect/handshake.ts'
import {createEnd} from '../src/connect/open-link.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {listen, openPair} from './fixtures/links.ts'
import {startCluster, startServer} from './fixtures/start-servers.ts'
import {openTestFleet} from './fixtures/test-fleet.ts'

const openFleets = async () => {
  const server = await startServer()
  return {near: await openTestFleet([server]), far: await openTestFleet([server]), server}
}

testTransport('a connection over NATS, from the client,', async () => openPair(await openFleets()))
testTransport(
  'a connection over NATS, from the host,',
  async () => (await openPair(await openFleets())).toReversed() as [Transport, Transport],
)

interface Greeter {
  greet(params: {name: string}): string
}

test('carries requests and answers, and says who closes', async () => {
  const [client, host] = await openPair(await openFleets())
  createConnection<Greeter>(host, {handlers: {greet: ({name}) => `Hello ${name}`}})
  const peer = createConnection<object, Greeter>(client)
  expect(await peer.request('greet', {name: 'Ada'})).toBe('Hello Ada')
  await peer.close('enough')
  expect(await host.closed).toEqual({by: 'peer', message: 'it ended the stream'})
})

test('serves many connections at one address', async () => {
  const {near, far} = await openFleets()
  const {address, listener, accepted} = listen(far, {}, {machine: 'box'})
  await listener.listening
  const transports = await Promise.all(Array.from({length: 20}, () => connectFleet(near, address)))
  await expect.poll(() => accepted.length).toBe(20)
  accepted.forEach((host) => createConnection<Greeter>(host, {handlers: {greet: ({name}) => `Hello ${name}`}}))
  const peers = transports.map((transport) => createConnection<object, Greeter>(transport))
  const answers = await Promise.all(peers.map((peer, n) => peer.request('greet', {name: String(n)})))
  expect(answers).toEqual(peers.map((_, n) => `Hello ${n}`))
  await Promise.all(peers.map((peer) => peer.close()))
})

test('says at once that nobody listens', async () => {
  const {near, far} = await openFleets()
  const timeoutMs = 600_000
  const session = createSessionId()
  await expect(connectFleet(near, {session}, {timeoutMs})).rejects.toMatchObject({
    code: 'nobody-listens',
    message: `Nobody in the fleet serves session ${session} now`,
  })
  const {listener} = listen(far, {}, {machine: 'box'})
  await listener.listening
  await listener.close()
  const connecting = connectFleet(near, {machine: 'box'}, {timeoutMs})
  await expect(connecting).rejects.toMatchObject({
    code: 'nobody-listens',
    message: expect.stringMatching(/serves machine box now/),
  })
})

test('says that the one who listens does not answer, and gives up on its signal', async () => {
  const {near, far} = await openFleets()
  const address = {machine: 'still'}
  natsOf(far).connection.subscribe(addressSubject('main', address))
  await natsOf(far).connection.flush()
  await expect(connectFleet(near, address, {timeoutMs: 50})).rejects.toMatchObject({
    code: 'unreachable',
    message: 'The machine still does not answer',
  })
  const signal = AbortSignal.timeout(50)
  await expect(connectFleet(near, address, {timeoutMs: 600_000, signal})).rejects.toMatchObject({name: 'TimeoutError'})
  await expect(connectFleet(near, {machine: 'a.b'})).rejects.toThrow(RangeError)
})

test('says that the cluster is away', async () => {
  const {near, server} = await openFleets()
  await server.kill('SIGKILL')
  await expect.poll(() => near.isConnected()).toBe(false)
  await expect(connectFleet(near, {machine: 'box'})).rejects.toMatchObject({code: 'unreachable'})
})

test('refuses more connections than it takes, and has room again when one has closed', async () => {
  const {near, far} = await openFleets()
  const {address, listener, accepted} = listen(far, {maxConnections: 1})
  await listener.listening
  const first = await connectFleet(near, address)
  await expect(connectFleet(near, address)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/refuses the connection: it has 1 connections, and takes no more/),
  })
  await expect.poll(() => accepted.length).toBe(1)
  accepted[0]!.listen({message() {}})
  await first.close()
  await accepted[0]!.closed
  await (await connectFleet(near, address)).close()
})

test('both ends close as lost when the server between them is killed', async () => {
  const {near, far, server} = await openFleets()
  const [client, host] = await openPair({near, far})
  for (const end of [client, host]) end.listen({message() {}})
  await server.kill('SIGKILL')
  const lost = {by: 'peer', message: 'the stream failed: the connection to the cluster was lost', errno: 'ECONNRESET'}
  expect(await Promise.all([client.closed, host.closed])).toEqual([lost, lost])
  expect(client.write({jsonrpc: '2.0', method: 'late'})).toBe(false)
})

test('a listener goes on after the server was away', async () => {
  const {near, far, server} = await openFleets()
  const {address} = listen(far)
  await server.kill('SIGKILL')
  await expect.poll(() => far.isConnected()).toBe(false)
  const {listener} = listen(far)
  await server.start()
  await listener.listening
  await expect.poll(() => near.isConnected()).toBe(true)
  await (await connectFleet(near, address)).close()
})

test('an end over another server learns that the server of the other end was killed', async () => {
  const servers = await startCluster()
  const near = await openTestFleet([servers[0]!], {replicas: 3})
  const far = await openTestFleet([servers[1]!], {replicas: 3})
  const [client, host] = await openPair({near, far}, {connecting: {pingMs: 50}})
  for (const end of [client, host]) end.listen({message() {}})
  await servers[1]!.kill('SIGKILL')
  expect(await client.closed).toMatchObject({by: 'peer', message: expect.stringMatching(/the other end is gone/)})
  expect(await host.closed).toMatchObject({
    by: 'peer',
    message: expect.stringMatching(/the connection to the cluster was lost/),
  })
})

test('what was sent to an end that has gone is reported at once, without a heartbeat', async () => {
  const {near, far} = await openFleets()
  const never = {pingMs: 600_000, deadlineMs: 1_800_000}
  const [client, host] = await openPair({near, far}, {connecting: never, listening: never})
  const arrived = Promise.withResolvers<unknown>()
  client.listen({message() {}})
  host.listen({message: arrived.resolve})
  client.write({jsonrpc: '2.0', method: 'first'})
  await arrived.promise
  await far.close()
  let isClosed = false
  void client.closed.then(() => (isClosed = true))
  // The server takes a moment to notice that a connection was closed, and until then passes on what is sent there.
  const sendAgain = () => {
    client.write({jsonrpc: '2.0', method: 'again'})
    return isClosed
  }
  await expect.poll(sendAgain).toBe(true)
  expect(await client.closed).toMatchObject({by: 'peer', message: expect.stringMatching(/the other end is gone/)})
})

test('an end that is silent is given up after its deadline', async () => {
  const {near, far} = await openFleets()
  const [client] = await openPair({near, far}, {connecting: {pingMs: 20, deadlineMs: 200}})
  client.listen({message() {}})
  // Its server would keep a subscription: only the process behind it stands still.
  natsOf(far).connection.publish = () => {}
  expect(await client.closed).toEqual({
    by: 'peer',
    message: 'the stream failed: its heartbeat timed out',
    errno: 'ETIMEDOUT',
  })
})

test('sends no more than its window to an end that reads nothing, and goes on when it reads', async () => {
  const {near, far} = await openFleets()
  const [client, host] = await openPair({near, far})
  let sent = 0
  const {publish} = natsOf(near).connection
  natsOf(near).connection.publish = (subject, payload, options) => {
    sent += (payload as Uint8Array).length
    publish.call(natsOf(near).connection, subject, payload, options)
  }
  const text = 'x'.repeat(100_000)
  const written = Array.from({length: 100}, (_, n): JsonRpcMessage => ({
    jsonrpc: '2.0',
    method: 'm',
    params: {n, text},
  }))
  for (const message of written) client.write(message)
  await expect.poll(() => sent).toBeGreaterThan(500_000)
  await natsOf(near).connection.flush()
  expect(sent).toBeLessThan(1024 * 1024)
  expect(client.queuedBytes).toBeGreaterThan(8_000_000)

  const arrived: unknown[] = []
  host.listen({message: (message) => arrived.push(message)})
  await expect.poll(() => arrived.length).toBe(100)
  expect(arrived).toEqual(written)
  expect(client.queuedBytes).toBe(0)
})

test('a message that was lost on its way closes the connection: what came before was delivered, and nothing else', async () => {
  const {near, far} = await openFleets()
  const [client, host] = await openPair({near, far})
  const arrived: unknown[] = []
  host.listen({message: (message) => arrived.push((message as {method: string}).method)})
  client.listen({message() {}})
  client.write({jsonrpc: '2.0', method: 'first'})
  await expect.poll(() => arrived).toEqual(['first'])

  const {publish} = natsOf(near).connection
  const dropped = Promise.withResolvers<void>()
  natsOf(near).connection.publish = () => dropped.resolve()
  client.write({jsonrpc: '2.0', method: 'lost'})
  await dropped.promise
  natsOf(near).connection.publish = publish
  client.write({jsonrpc: '2.0', method: 'third'})

  expect(await host.closed).toMatchObject({
    by: 'peer',
    message: expect.stringMatching(/messages were lost on their way/),
  })
  expect(await client.closed).toMatchObject({
    by: 'peer',
    message: expect.stringMatching(/the other end has given the connection up/),
  })
  expect(arrived).toEqual(['first'])
})

test('repeated messages are delivered once', async () => {
  const {near, far} = await openFleets()
  const [client, host] = await openPair({near, far})
  const {publish} = natsOf(near).connection
  natsOf(near).connection.publish = (...args) => {
    publish.apply(natsOf(near).connection, args)
    publish.apply(natsOf(near).connection, args)
  }
  const arrived: unknown[] = []
  host.listen({message: (message) => arrived.push((message as {method: string}).method)})
  client.listen({message() {}})
  for (const method of ['a', 'b', 'c']) {
    client.write({jsonrpc: '2.0', method})
    await expect.poll(() => arrived.at(-1)).toBe(method)
  }
  await client.close()
  await host.closed
  expect(arrived).toEqual(['a', 'b', 'c'])
})

test('a repeated question for a connection is answered once', async () => {
  const {near, far} = await openFleets()
  const {address, listener} = listen(far)
  await listener.listening
  const {connection} = natsOf(near)
  const answers: unknown[] = []
  connection.subscribe('answers', {callback: (_, message) => void answers.push(message.json())})
  const hello = encodeEnd(createEnd())
  for (let n = 0; n < 3; n++) connection.publish(addressSubject('main', address), hello, {reply: 'answers'})
  // It is answered after those before it.
  const last = await connection.request(addressSubject('main', address), encodeEnd(createEnd()))
  expect(last.json()).toHaveProperty('id')
  expect(answers).toMatchObject([{v: 1, window: 1024 * 1024}])
})

test('of two that listen at one address, one gets the connection', async () => {
  const {near, far} = await openFleets()
  const first = listen(far)
  const second = listen(far, {}, first.address)
  await second.listener.listening
  const client = await connectFleet(near, first.address)
  const accepted = () => [...first.accepted, ...second.accepted]
  await expect.poll(() => accepted().length).toBe(1)
  const echo = accepted()[0]!
  echo.listen({message: (message) => void echo.write(message as JsonRpcMessage)})
  const arrived: unknown[] = []
  client.listen({message: (message) => arrived.push(message)})
  client.write({jsonrpc: '2.0', method: 'once'})
  await expect.poll(() => arrived).toEqual([{jsonrpc: '2.0', method: 'once'}])
  await client.close()
  expect(accepted()).toHaveLength(1)
})

test('a request in a newer format is refused with a reason, and so is an answer in a newer format', async () => {
  const {near, far} = await openFleets()
  const {address, listener} = listen(far, {}, {machine: 'old'})
  await listener.listening
  const {connection} = natsOf(near)
  const answer = await connection.request(
    addressSubject('main', address),
    JSON.stringify({v: 2, ends: 'another format'}),
  )
  expect(answer.json()).toEqual({
    v: 1,
    code: 'newer-format',
    refused: 'it speaks format 1 of connections, and is asked for format 2: update it',
  })

  natsOf(far).connection.subscribe(addressSubject('main', {machine: 'new'}), {
    callback: (_, message) => void message.respond(JSON.stringify({v: 2, anything: true})),
  })
  await natsOf(far).connection.flush()
  await expect(connectFleet(near, {machine: 'new'})).rejects.toMatchObject({
    code: 'newer-format',
    message: 'The machine new speaks format 2 of connections, expected 1: update this machine',
  })
})

test('says that this machine may not connect or listen', async () => {
  const server = await startServer(`authorization {users: [
    {user: root, password: root}
    {user: guest, password: guest, permissions: {
      publish: {deny: ["holdfast.main.connect.>"]}, subscribe: {deny: ["holdfast.main.connect.>"]}
    }}
  ]}`)
  const root = await openTestFleet([server], {user: 'root', password: 'root'})
  const guest = await openTestFleet([server], {user: 'guest', password: 'guest'})
  const faults: unknown[] = []
  const {address, listener} = listen(root)
  await listener.listening
  listen(guest, {onFault: (error) => faults.push(error)}, {machine: 'guest'})
  await expect.poll(() => faults).toMatchObject([{code: 'forbidden'}])
  await expect(connectFleet(guest, address)).rejects.toMatchObject({code: 'forbidden'})
})
