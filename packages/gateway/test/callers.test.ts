import {writeFileSync} from 'node:fs'

import {errorCodes, methods, onlyReads, protocolVersion, readRefusal} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {afterEach, beforeEach, expect, onTestFinished, test} from 'vitest'

import {serveGateway} from '../src/serve-gateway.ts'
import {createGatewayHome, until, upTo, type GatewayHome} from './fixtures/gateway-home.ts'
import {serveHosts} from './fixtures/serve-hosts.ts'

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
  onTestFinished(() => peer.close())
  return {gateway, peer, events, seqs: () => events.flatMap((event) => (event as {seq?: number}).seq ?? [])}
}

const hello = {protocol: protocolVersion, version: '0.1.0', name: 'web'}

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

test.each([
  ['the user of the machine', undefined, {}],
  ['a caller', {name: 'phone', isReadOnly: false}, {caller: {name: 'phone'}}],
  ['a read-only caller', watcher, {caller: {name: 'phone', read_only: true}}],
])('a host is told whom the gateway serves: %s', async (_, caller, told) => {
  const session_id = home.createSession()
  await using hosts = await serveHosts(home.path, [session_id])
  const {peer} = connect(caller)
  // What a client says of its own credential is not believed.
  peer.notify('client.hello', {...hello, caller: {name: 'root'}})
  const size = {cols: 40, rows: 20}
  // A read-only client, too, has the host compare the last event that it has with the log.
  const position = {session_id, after_seq: 1, after_at: 1000}
  await peer.request('session.resume', {...position, ...size})
  expect(hosts.resumes).toEqual([{...position, ...(caller?.isReadOnly !== true && size)}])
  expect(hosts.hellos).toEqual([{protocol: protocolVersion, version: '1.2.3', name: 'web', ...told}])
})

test('a read-only client sees a session that does not run, and what happens once another client has it run', async () => {
  const session_id = home.createSession({type: 'note', payload: {text: 'stored', level: 'info'}})
  const {peer, seqs} = connect(watcher)
  const resumed = peer.request('session.resume', {session_id, after_seq: 0, cols: 10, rows: 10})
  expect(await resumed).toMatchObject({state: {session_id}, latest_seq: 2})
  await until(() => expect(seqs()).toEqual([1, 2]))
  await expect(peer.request('screen.snapshot', {session_id})).rejects.toMatchObject({
    code: errorCodes.readOnly,
    message: `Session ${session_id} does not run, and phone may only look`,
  })
  expect(home.starts()).toEqual([])
  await connect().peer.request('prompt.submit', {session_id, prompt_id: 'p', text: 'print 3'})
  await until(() => expect(seqs()).toEqual(upTo(7)))
})

test('a read-only client does not get the history of the shell, which is no part of the session', async () => {
  const session_id = home.createSession()
  writeFileSync(`${home.path}/history`, ': 1:0;secret\n')
  const user = connect()
  await user.peer.request('session.resume', {session_id, after_seq: 0})
  const ask = ({peer}: typeof user) => peer.request('prompt.history', {session_id})
  expect(await ask(user)).toMatchObject({prompts: [{text: 'secret'}]})
  expect(await ask(connect(watcher))).toEqual({prompts: []})
})
