import {mkdirSync, mkdtempSync, rmSync, watch as watchFiles, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {homePaths} from '@holdfast/event-log'
import {createSessionId, type SessionSummary} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {watchSessions} from '../src/stored-sessions/watch-sessions.ts'
import {createGatewayHome, until, type GatewayHome, type HostMode, type TestClient} from './fixtures/gateway-home.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(() => home[Symbol.asyncDispose]())

async function watching(mode: HostMode = 'normal') {
  const client = home.connect({mode})
  const {sessions} = (await client.peer.request('sessions.watch', {})) as {sessions: SessionSummary[]}
  return {...client, sessions}
}

const create = async ({peer}: TestClient) =>
  ((await peer.request('session.create', {})) as {session_id: string}).session_id

/** What the client was told of a session, the last first. */
const told = ({ephemeral}: TestClient, id: string) =>
  ephemeral
    .filter(({session_id}) => session_id === id)
    .map(({type, payload}) => ({type, ...(payload as object)}))
    .toReversed()

test('a client is told of new sessions, of their changes, and of the death of their hosts', async () => {
  const stored = home.createSession()
  const client = await watching()
  expect(client.sessions).toMatchObject([{id: stored, state: 'stopped'}])
  const other = home.connect()
  const id = await create(other)
  await until(() => expect(told(client, id)[0]).toMatchObject({type: 'session.changed', state: 'idle'}))
  await other.peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'wait'})
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'running', latest_seq: 2}))
  await other.gateway.close('it leaves')
  home.killHost()
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'stopped'}))
  expect(told(client, stored)).toEqual([])
})

test('the next host of a session is followed as the first one was', async () => {
  const client = await watching()
  const other = home.connect()
  const id = await create(other)
  await other.peer.request('session.resume', {session_id: id, after_seq: 0})
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'idle'}))
  home.killHost()
  await until(() => expect(home.hosts()).toHaveLength(2))
  await other.peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'wait'})
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'running'}))
})

test('a client is told that a session was closed, and that it was deleted', async () => {
  const client = await watching()
  const id = await create(client)
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'idle'}))
  await client.peer.request('session.close', {session_id: id})
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'closed'}))
  await client.peer.request('session.delete', {session_id: id})
  await until(() => expect(told(client, id)[0]).toEqual({type: 'session.deleted'}))
})

test('of a session whose host is of an older version, only its end is told', async () => {
  const older = home.connect({mode: 'older'})
  const id = await create(older)
  const client = await watching('older')
  expect(client.sessions).toMatchObject([{id, state: 'idle'}])
  await older.peer.request('session.close', {session_id: id})
  await until(() => expect(told(client, id)).toMatchObject([{state: 'closed'}]))
})

test('nothing is told after `sessions.unwatch`; another `sessions.watch` begins anew', async () => {
  const client = await watching()
  await client.peer.request('sessions.unwatch', {})
  const id = await create(client)
  await client.peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'wait'})
  expect(told(client, id)).toEqual([])
  expect(await client.peer.request('sessions.watch', {})).toMatchObject({sessions: [{id, state: 'running'}]})
  await until(() => expect(told(client, id)[0]).toMatchObject({state: 'running', latest_seq: 2}))
})

test('the last change reaches a client that reads slowly, without all those before it', async () => {
  const waiting: (() => void)[] = []
  const client = home.connect({
    wrap: (transport) => ({...transport, drained: () => new Promise((resolve) => void waiting.push(resolve))}),
  })
  const id = await create(home.connect())
  await client.peer.request('sessions.watch', {})
  await until(() => expect(waiting).toHaveLength(1))
  const other = home.connect()
  await other.peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'print 500'})
  expect(told(client, id)).toHaveLength(1)
  await until(() => {
    waiting.pop()?.()
    expect(told(client, id)[0]).toMatchObject({state: 'idle', latest_seq: 503})
  })
  expect(told(client, id).length).toBeLessThan(50)
})

test('a host that comes while it is looked for is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  const id = createSessionId()
  const {run} = homePaths(folder)
  mkdirSync(run, {recursive: true})
  const first = Promise.withResolvers<undefined>()
  const finds: string[] = []
  const find = async (sessionId: string) => {
    finds.push(sessionId)
    return finds.length === 1 ? await first.promise : undefined
  }
  const sender = {report: () => {}, clear: () => {}}
  const list = async () => ({sessions: []})
  const logs = {read: () => undefined} as never
  const watch = watchSessions({home: folder, hosts: {find}, logs, list, sender})
  await watch.start()
  writeFileSync(join(run, `${id}.lock`), '')
  await until(() => expect(finds).toHaveLength(1))
  // Events of the system come in order: when the second one was seen here, it was seen there.
  const seen = new Promise<void>((resolve) => {
    const watcher = watchFiles(run, (_change, name) => {
      if (name !== `${id}.sock`) return
      watcher.close()
      setImmediate(resolve)
    })
  })
  writeFileSync(join(run, `${id}.sock`), '')
  await seen
  first.resolve(undefined)
  await until(() => expect(finds).toHaveLength(2))
  watch.stop()
  rmSync(folder, {recursive: true})
})
