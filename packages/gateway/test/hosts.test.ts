import {mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'

import {homePaths, sessionPaths} from '@holdfast/event-log'
import {createSessionId, errorCodes} from '@holdfast/protocol'
import {startChild} from '@holdfast/supervisor'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {HeldElsewhereError} from '../src/hosts/held-elsewhere.ts'
import {createHosts} from '../src/hosts/hosts.ts'
import {createGatewayHome, isAlive, until, type GatewayHome, type HostMode} from './fixtures/gateway-home.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(async () => {
  vi.useRealTimers()
  await home[Symbol.asyncDispose]()
})

const hostsOf = (mode?: HostMode) => createHosts(home.options(mode))
const never = new AbortController().signal

test('a running host is found, and a missing one is started', async () => {
  const hosts = hostsOf()
  const id = home.createSession()
  expect(await hosts.isAlive(id)).toBe(false)
  const first = await hosts.connect(id, never)
  expect(await hosts.isAlive(id)).toBe(true)
  const second = await hosts.connect(id, never)
  expect(home.starts()).toHaveLength(1)
  await Promise.all([first.close(), second.close()])
})

test('4 hosts start at a time, so that many at once do not miss their deadlines together', async () => {
  const hosts = hostsOf()
  const ids = Array.from({length: 10}, () => home.createSession())
  let connected = 0
  const connections = await Promise.all(
    ids.map(async (id) => {
      const connection = await hosts.connect(id, never)
      expect(home.starts().length).toBeLessThanOrEqual(++connected + 4)
      return connection
    }),
  )
  expect(home.hosts()).toHaveLength(10)
  await Promise.all(connections.map((connection) => connection.close()))
})

test('a host that does not start leaves no file of a session that was never created', async () => {
  const id = createSessionId()
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  const connecting = hostsOf('never-ready').connect(id, never)
  const failed = expect(connecting).rejects.toMatchObject({code: errorCodes.hostUnavailable})
  while (home.hosts().length === 0) await new Promise((resolve) => setImmediate(resolve))
  await vi.advanceTimersByTimeAsync(10_000)
  await failed
  expect(readdirSync(homePaths(home.path).run).filter((name) => name.startsWith(id))).toEqual([])
})

test('a host gets the variables of the gateway', async () => {
  const hosts = createHosts({...home.options('say'), hostEnvironment: {HOLDFAST_TEST: 'this'}})
  await expect(hosts.connect(home.createSession(), never)).rejects.toThrow('told this')
})

test('a host of a session that another machine holds is not started again', async () => {
  const connecting = hostsOf('held-elsewhere').connect(home.createSession(), never)
  await expect(connecting).rejects.toBeInstanceOf(HeldElsewhereError)
  expect(home.starts()).toHaveLength(1)
})

test('a host that nobody waits for any more is not started', async () => {
  const hosts = hostsOf()
  const abandoned = AbortSignal.abort(new Error('the client has left'))
  await expect(hosts.connect(home.createSession(), abandoned)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: expect.stringContaining('the client has left'),
  })
  expect(home.starts()).toEqual([])
})

test('a host does not keep the process that started it alive', async () => {
  const script = fileURLToPath(new URL('fixtures/start-host.ts', import.meta.url))
  const args = ['--conditions=holdfast-source', script, home.path, home.createSession(), ...home.options().hostCommand]
  const child = startChild({name: 'starter', command: process.execPath, args})
  expect(await child.exited).toMatchObject({code: 0, stderr: []})
  expect(isAlive(home.host())).toBe(true)
})

test('two processes that start the host of a session at once connect to the same one', async () => {
  const id = home.createSession()
  const connections = await Promise.all([hostsOf().connect(id, never), hostsOf().connect(id, never)])
  expect(home.starts()).toHaveLength(2)
  expect(home.hosts()).toHaveLength(1)
  await Promise.all(connections.map((connection) => connection.close()))
})

test('the socket of a dead host, or any other file in its place, counts as no host', async () => {
  const hosts = hostsOf()
  const id = home.createSession()
  await (await hosts.connect(id, never)).close()
  home.killHost()
  await (await hosts.connect(id, never)).close()
  expect(home.hosts()).toHaveLength(2)

  const other = home.createSession()
  writeFileSync(sessionPaths(home.path, other).socket, '')
  await (await hosts.connect(other, never)).close()
  expect(home.hosts()).toHaveLength(3)
})

test('the error for a host that does not start has its last line on stderr', async () => {
  const id = home.createSession()
  await expect(hostsOf('fail').connect(id, never)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: `The host of session ${id} did not start: no shell to be found`,
  })
  const missing = createHosts({...home.options(), hostCommand: ['/no/such/host']})
  await expect(missing.connect(id, never)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: expect.stringContaining('/no/such/host'),
  })
})

test('a host that is not ready after 10 s is killed', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  const id = home.createSession()
  const connecting = expect(hostsOf('never-ready').connect(id, never)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: `The host of session ${id} did not start: host was not ready after 10000 ms (no output on stderr)`,
  })
  while (home.hosts().length === 0) await new Promise((resolve) => setImmediate(resolve))
  await vi.advanceTimersByTimeAsync(10_000)
  await connecting
  expect(isAlive(home.host())).toBe(false)
})

test('a host of another protocol version is rejected', async () => {
  const hosts = hostsOf('newer')
  const id = home.createSession()
  await expect(hosts.connect(id, never)).rejects.toMatchObject({code: errorCodes.protocolMismatch})
  expect(await hosts.isAlive(id)).toBe(true)
})

test('while another process has the lease, connect looks for its socket until the signal aborts', async () => {
  const id = home.createSession()
  const holder = hostsOf('never-ready').connect(id, never)
  void holder.catch(() => undefined)
  await until(() => expect(home.hosts()).toHaveLength(1))
  const giveUp = new AbortController()
  const connecting = expect(hostsOf().connect(id, giveUp.signal)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: `The host of session ${id} is running, but does not listen on its socket`,
  })
  await until(() => expect(home.starts()).toHaveLength(2))
  giveUp.abort()
  await connecting
  home.killHost()
  await expect(holder).rejects.toMatchObject({message: `The host of session ${id} did not start: killed by SIGKILL`})
})

test('a home with too long a socket path is a clear error', async () => {
  const deep = `${home.path}/${'deep'.repeat(30)}`
  mkdirSync(dirname(deep), {recursive: true})
  const hosts = createHosts({...home.options(), home: deep})
  await expect(hosts.connect(home.createSession(), never)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: expect.stringMatching(/Expected a socket path of 1 to \d+ bytes, got \d+/),
  })
  expect(home.starts()).toEqual([])
})
