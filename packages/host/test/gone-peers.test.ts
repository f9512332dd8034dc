import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {connect} from 'node:net'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'

import {openSqliteLog} from '@holdfast/event-log'
import {createSessionId, type NewEvent} from '@holdfast/protocol'
import {listenSocket} from '@holdfast/transport/socket'
import {expect, test} from 'vitest'

import {createSessionServer} from '../src/server/session-server.ts'
import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

const MiB = 1024 * 1024

test('clients that are gone leave nothing behind in a host', {timeout: 120_000}, async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heap = async () => {
    await new Promise(setImmediate)
    collect()
    return process.memoryUsage().heapUsed
  }
  const folder = mkdtempSync('/tmp/hf-gone-')
  const session_id = createSessionId()
  const log = openSqliteLog({file: `${folder}/log.db`, sessionId: session_id, create: true})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  const delta: NewEvent = {type: 'message.delta', payload: {prompt_id: 'p', text: 'x'.repeat(60_000)}}
  log.append(Array.from({length: 50}, () => delta))
  const session = createSession({log, agent: createHandDrivenAgent(), onAppend() {}, onFault() {}})
  let served = 0
  const server = createSessionServer({
    sessionId: session_id,
    version: '1.2.3',
    current: () => ({session, log}),
    create() {},
    onClosed() {},
  })
  const listener = await listenSocket(`${folder}/s`, (transport) => {
    served++
    void transport.closed.then(() => served--)
    server.serve(transport)
  })

  /** Opens clients that ask for the whole log and read nothing. Returns the heap in use meanwhile. */
  const comeAndGo = async (clients: number) => {
    const resume = {jsonrpc: '2.0', id: 1, method: 'session.resume', params: {session_id, after_seq: 0}}
    const sockets = await Promise.all(
      Array.from({length: clients}, async () => {
        const socket = connect(`${folder}/s`).pause()
        await once(socket, 'connect')
        socket.write(`${JSON.stringify(resume)}\n`)
        return socket
      }),
    )
    await expect.poll(() => served).toBe(clients)
    await expect.poll(heap).toBeGreaterThan(before + 10 * MiB)
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => served).toBe(0)
  }

  let before = 0
  try {
    before = await heap()
    await comeAndGo(100)
    before = await heap()
    for (let round = 0; round < 4; round++) await comeAndGo(100)
    // 10 kB for each of them would show.
    expect((await heap()) - before).toBeLessThan(4 * MiB)
    expect(server.isWatched).toBe(false)
  } finally {
    await listener.close()
    log.close()
    rmSync(folder, {recursive: true})
  }
})
