import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {createConnection} from '@holdfast/rpc'
import {startChild, type Child} from '@holdfast/supervisor'
import {createChildTransport} from '@holdfast/transport/stdio'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {createGatewayHome, isAlive, until, type GatewayHome, type HostMode} from './fixtures/gateway-home.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(() => home[Symbol.asyncDispose]())

function startGateway(mode?: HostMode): Child {
  const script = fileURLToPath(new URL('fixtures/run-gateway.ts', import.meta.url))
  const {hostCommand} = home.options(mode)
  const args = ['--conditions=holdfast-source', script, home.path, ...hostCommand]
  return startChild({name: 'gateway', command: process.execPath, args})
}

test('serves the process that started it, and exits with it', async () => {
  const child = startGateway()
  const peer = createConnection(createChildTransport(child))
  const session_id = home.createSession()
  expect(await peer.request('session.resume', {session_id, after_seq: 0})).toMatchObject({latest_seq: 1})
  child.stdin.end()
  expect(await child.exited).toMatchObject({code: 0, signal: null, stderr: []})
  expect(isAlive(home.host())).toBe(true)
})

test('exits by its own deadline while it waits for a host', async () => {
  const child = startGateway('never-ready')
  const peer = createConnection(createChildTransport(child))
  const resuming = peer.request('session.resume', {session_id: home.createSession(), after_seq: 0})
  const refused = expect(resuming).rejects.toMatchObject({name: 'PeerGoneError'})
  await until(() => expect(home.hosts()).toHaveLength(1))
  child.stdin.end()
  expect(await child.exited).toMatchObject({code: 0, requested: false})
  // Without the deadline it would exit, too, but only when it gives up the host.
  expect(readFileSync(join(home.path, 'crash.log'), 'utf8')).toContain('shutdown-timeout')
  await refused
})

test('shuts down on SIGTERM', async () => {
  const child = startGateway()
  const peer = createConnection(createChildTransport(child))
  await peer.request('gateway.ping')
  process.kill(child.pid as number, 'SIGTERM')
  expect(await child.exited).toMatchObject({code: 143, stderr: []})
})
