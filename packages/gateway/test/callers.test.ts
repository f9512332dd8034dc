import {errorCodes, methods, onlyReads, protocolVersion, readRefusal} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {serveGateway} from '../src/serve-gateway.ts'
import {createGatewayHome, type GatewayHome} from './fixtures/gateway-home.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(() => home[Symbol.asyncDispose]())

const watcher = {name: 'phone', isReadOnly: true}

/** The client's end of a connection, and the events that it got. */
function connect(caller?: {name: string; isReadOnly: boolean}) {
  const [near, far] = createMemoryPair()
  const gateway = serveGateway(far, {...home.options(), caller})
  const peer = createConnection(near)
  const events: unknown[] = []
  peer.subscribe('event', (event) => void events.push(event))
  return {gateway, peer, events}
}

test.each([
  ['no caller', undefined, {}],
  ['a caller', {name: 'phone', isReadOnly: false}, {client: 'phone'}],
  ['a read-only caller', watcher, {client: 'phone', read_only: true}],
])('the greeting says under which name the gateway knows the client: %s', async (_, caller, known) => {
  const {peer, events} = connect(caller)
  await peer.request('gateway.ping')
  expect(events).toEqual([{type: 'gateway.ready', payload: {protocol: protocolVersion, version: '1.2.3', ...known}}])
})

test('a client of another protocol version is told both versions, and disconnected', async () => {
  const {peer, events} = connect()
  peer.notify('client.hello', {protocol: 9, version: '9.0.0'})
  const message = `The client (version 9.0.0) speaks protocol 9, this program speaks ${protocolVersion}: update the older of the two`
  expect(await peer.closed).toMatchObject({by: 'peer', message: `the other end closed: ${message}`})
  expect(readRefusal(events[1])).toEqual({code: errorCodes.protocolMismatch, message})
})

test.each([[undefined], [{protocol: '2'}], [{protocol: 2, version: '1', name: 'a\nb'}]])(
  'a hello that does not fit, %j, is told what was expected',
  async (params) => {
    const {peer} = connect()
    peer.notify('client.hello', params)
    expect(await peer.closed).toMatchObject({message: expect.stringMatching(/`client.hello` does not fit: .*xpected/)})
  },
)

test('a client that says nothing of itself is served', async () => {
  const {peer} = connect()
  expect(await peer.request('session.list')).toEqual({sessions: []})
})

test('a read-only client may do only what only reads, and no host starts for it', async () => {
  const session_id = home.createSession()
  const {peer} = connect(watcher)
  const refused = Object.keys(methods).filter((method) => !onlyReads(method))
  for (const method of [...refused, 'method.of-a-newer-host']) {
    await expect(peer.request(method, {session_id}), method).rejects.toMatchObject({
      code: errorCodes.readOnly,
      message: 'phone may only look: to change something, connect with a credential that is not read-only',
    })
  }
  expect(home.starts()).toEqual([])
})

test('a gateway takes no caller whose name could be taken for the user', () => {
  expect(() => connect({name: 'User', isReadOnly: false})).toThrow(/Expected the name of a caller, got `User`/)
})
