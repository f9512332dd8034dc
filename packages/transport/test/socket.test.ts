import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync} from 'node:fs'
import {mkdtemp, readdir, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {connect, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {text} from 'node:stream/consumers'
import type {Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {connectSocket, listenSocket} from '../src/socket.ts'
import {MAX_SOCKET_PATH_BYTES} from '../src/socket/socket-path.ts'

let folder: string
let sockets = 0
const newPath = () => join(folder, `${sockets++}.sock`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-socket-'))
})
afterAll(() => rm(folder, {recursive: true}))

/** A listener, and both ends of a connection to it. */
async function open(path = newPath()) {
  const accepted = Promise.withResolvers<Transport>()
  const listener = await listenSocket(path, accepted.resolve)
  const near = await connectSocket(path)
  return {listener, near, far: await accepted.promise}
}

testTransport('a Unix socket', async () => {
  const {listener, near, far} = await open()
  await listener.close()
  return [near, far]
})

test('only this user may open the socket, and no other file is left in the folder', async () => {
  const path = newPath()
  const umask = process.umask()
  const listener = await listenSocket(path, () => {})
  expect(await readdir(folder)).toEqual([basename(path)])
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(process.umask()).toBe(umask)
  await listener.close()
  expect(await readdir(folder)).toEqual([])
})

test('a peer that ends its side of the stream still gets its answers', async () => {
  const path = newPath()
  const listener = await listenSocket(path, (transport) => {
    transport.listen({message: (message) => transport.write(message as Parameters<Transport['write']>[0])})
  })
  const client = connect(path)
  const request = '{"jsonrpc":"2.0","id":1,"method":"ask"}'
  client.end(request)
  expect(await text(client)).toBe(`${request}\n`)
  await listener.close()
})

test('a closed listener refuses new connections, and open ones stay open', async () => {
  const path = newPath()
  const {listener, near, far} = await open(path)
  await listener.close()
  await expect(connectSocket(path)).rejects.toMatchObject({code: 'nobody-listens'})
  const arrived = new Promise((resolve) => far.listen({message: resolve}))
  near.listen({message: () => {}})
  near.write({jsonrpc: '2.0', method: 'still here'})
  expect(await arrived).toMatchObject({method: 'still here'})
  await Promise.all([near.close(), far.close()])
})

test('listenSocket rejects a path that exists, be it a socket or a file', async () => {
  const path = newPath()
  const listener = await listenSocket(path, () => {})
  await expect(listenSocket(path, () => {})).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringContaining(path),
  })
  await (await connectSocket(path)).close()
  await listener.close()

  const file = newPath()
  await writeFile(file, 'kept')
  await expect(listenSocket(file, () => {})).rejects.toMatchObject({code: 'in-use'})
  await rm(file)
  expect(await readdir(folder)).toEqual([])
})

test('replace: true replaces a socket, and the replaced server does not remove the new one', async () => {
  const path = newPath()
  const old = await listenSocket(path, () => {})
  const accepted = Promise.withResolvers<Transport>()
  const next = await listenSocket(path, accepted.resolve, {replace: true})
  await old.close()
  const near = await connectSocket(path)
  const far = await accepted.promise
  await Promise.all([near.close(), far.close(), next.close()])
  expect(await readdir(folder)).toEqual([])
})

test('connectSocket rejects with `nobody-listens` if the server is killed while it connects', async () => {
  const path = join(folder, 'killed.sock')
  // It never accepts, so the connection is still in its queue when it dies.
  const listen = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => {
    require('node:fs').writeSync(1, 'listening')
    for (;;);
  })`
  const server = spawn(process.execPath, ['-e', listen], {stdio: ['ignore', 'pipe', 'ignore']})
  await once(server.stdout, 'data')
  const connecting = connectSocket(path)
  server.kill('SIGKILL')
  // Not before the kernel has closed its sockets, and before this process hears of the connection. The main thread may be a
  // zombie while others, which share its descriptors, still end.
  const hasEnded = () =>
    /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${server.pid}/stat`, 'utf8')) &&
    readdirSync(`/proc/${server.pid}/task`).length === 1
  while (!hasEnded());
  await expect(connecting).rejects.toMatchObject({code: 'nobody-listens'})
})

test('connectSocket rejects with `nobody-listens` if there is no file, or one without a server', async () => {
  const path = newPath()
  await expect(connectSocket(path)).rejects.toMatchObject({
    name: 'SocketError',
    code: 'nobody-listens',
    message: `No server listens at \`${path}\` (ENOENT)`,
  })
  const server = createServer().listen(join(folder, 'bound'))
  await once(server, 'listening')
  await symlink(join(folder, 'bound'), path)
  const listening = await connectSocket(path)
  await listening.close()
  server.close()
  await once(server, 'close')
  await expect(connectSocket(path)).rejects.toMatchObject({code: 'nobody-listens'})
  await rm(path)
})

test('rejects a path that is too long before the system truncates it', async () => {
  const path = join(folder, 'x'.repeat(MAX_SOCKET_PATH_BYTES))
  const refusal = {
    code: 'path-too-long',
    message: `Expected a socket path of 1 to ${MAX_SOCKET_PATH_BYTES} bytes, got ${path.length}: \`${path}\``,
  }
  await expect(connectSocket(path)).rejects.toMatchObject(refusal)
  await expect(listenSocket(path, () => {})).rejects.toMatchObject(refusal)
  const longest = join(folder, 'x'.repeat(MAX_SOCKET_PATH_BYTES - folder.length - 1))
  const listener = await listenSocket(longest, () => {})
  await (await connectSocket(longest)).close()
  await listener.close()
})

test('a process that is busy for longer than the timeout finds its connection open, as it is', async () => {
  const path = newPath()
  const listener = await listenSocket(path, () => {})
  for (const busyMs of [25, 700]) {
    const connecting = connectSocket(path, {timeoutMs: 20})
    for (const until = performance.now() + busyMs; performance.now() < until;);
    await (await connecting).close()
  }
  await listener.close()
})

test("an aborted connectSocket rejects with the signal's reason", async () => {
  const reason = new Error('changed my mind')
  await expect(connectSocket(newPath(), {signal: AbortSignal.abort(reason)})).rejects.toBe(reason)
  const path = newPath()
  const listener = await listenSocket(path, () => {})
  const controller = new AbortController()
  const connecting = connectSocket(path, {signal: controller.signal})
  controller.abort(reason)
  await expect(connecting).rejects.toBe(reason)
  await listener.close()
})

test('connectSocket rejects a timeout that is not above 0, and accepts Infinity', async () => {
  const path = newPath()
  const listener = await listenSocket(path, () => {})
  for (const timeoutMs of [0, -1, NaN]) await expect(connectSocket(path, {timeoutMs})).rejects.toThrow(RangeError)
  await (await connectSocket(path, {timeoutMs: Infinity})).close()
  await listener.close()
})

test('listens at a short name among other short names', async () => {
  const inner = await mkdtemp(join(folder, 'short-'))
  for (const name of '0123456789abcdef') await writeFile(join(inner, name), 'taken')
  const listener = await listenSocket(join(inner, 's'), () => {})
  await (await connectSocket(join(inner, 's'))).close()
  await listener.close()
  await rm(inner, {recursive: true})
})
