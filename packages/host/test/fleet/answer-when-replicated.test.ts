import {createMemoryLog, createShownLog} from '@holdfast/event-log'
import {createSessionId, errorCodes, parseEvent} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {createReplication} from '../../src/fleet/replication.ts'
import {createSessionServer} from '../../src/server/session-server.ts'
import {createSession} from '../../src/session/create-session.ts'
import {createHandDrivenAgent} from '../fixtures/hand-driven-agent.ts'

/** Serves a session whose cluster has event 1, to one client that watches it. */
async function serve({waitMs}: {waitMs?: number} = {}) {
  const session_id = createSessionId()
  const log = createMemoryLog({sessionId: session_id})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  const replication = createReplication(1)
  const agent = createHandDrivenAgent()
  const session = createSession({log, agent, replication, onAppend: () => server.wake(), onFault() {}})
  const served = {session, log: createShownLog(log, () => replication.seq)}
  const server = createSessionServer({
    sessionId: session_id,
    version: '1',
    current: () => served,
    create() {},
    replicated: {replication: () => replication, latestSeq: () => log.latestSeq, ...(waitMs !== undefined && {waitMs})},
    onClosed() {},
  })
  const connect = async () => {
    const [near, far] = createMemoryPair()
    server.serve(far)
    const peer = createConnection(near)
    const shown: string[] = []
    peer.subscribe('event', (params) => shown.push(parseEvent(params).type))
    const resumed = await peer.request('session.resume', {session_id, after_seq: 0})
    return {peer, shown, resumed}
  }
  const replicate = () => {
    replication.advance(log.latestSeq)
    server.wake()
  }
  return {session_id, log, agent, replication, server, replicate, connect, ...(await connect())}
}

const untilAnswered = async (request: Promise<unknown>) => {
  let isAnswered = false
  void request.then(() => (isAnswered = true))
  await new Promise((resolve) => setTimeout(resolve, 20))
  return isAnswered
}

test('a change is answered, and its events are shown, when the cluster has it', async () => {
  const {session_id, peer, shown, replicate, connect} = await serve()
  const submitted = peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  const repeated = peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  await peer.request('gateway.ping')
  expect(await untilAnswered(Promise.race([submitted, repeated]))).toBe(false)
  expect(shown).toEqual(['gateway.ready', 'session.info'])
  const late = await connect()
  expect(late.resumed).toMatchObject({latest_seq: 1, state: {running: null}})
  expect(await late.peer.request('session.summary', {session_id})).toMatchObject({
    summary: {latest_seq: 1, state: 'idle'},
  })

  replicate()
  expect(await submitted).toEqual({prompt_id: 'a', status: 'running'})
  expect(await repeated).toEqual({prompt_id: 'a', status: 'running'})
  await expect.poll(() => shown).toEqual(['gateway.ready', 'session.info', 'prompt.queued', 'message.start'])
})

test('while the cluster is away, an interrupt is answered at once, and a close with the reason', async () => {
  const {session_id, peer, agent, replication, log} = await serve()
  const submitted = peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  await peer.request('gateway.ping')
  replication.setProblem({code: errorCodes.storageFailed, message: 'the cluster is away'})
  expect(await peer.request('session.interrupt', {session_id})).toEqual({interrupted: true})
  await expect(peer.request('session.close', {session_id})).rejects.toMatchObject({
    code: errorCodes.storageFailed,
    message: expect.stringContaining('the cluster is away'),
  })
  expect(agent.asked).toEqual([])
  expect(log.state()?.closed).not.toBeNull()
  expect(await untilAnswered(submitted)).toBe(false)
})

test('clients are told why the cluster does not have the last events', async () => {
  const {peer, shown, replication, server, connect} = await serve()
  replication.setProblem({code: errorCodes.storageFailed, message: 'the cluster is away'})
  server.notifyNotSaved()
  await peer.request('gateway.ping')
  expect(shown.at(-1)).toBe('session.not-saved')
  const late = await connect()
  await expect.poll(() => late.shown).toContain('session.not-saved')
})

test('a request that waits for long is answered before its client gives up, and can be repeated', async () => {
  const {session_id, peer, agent, log, replicate, replication} = await serve({waitMs: 30})
  replication.setProblem({code: errorCodes.storageFailed, message: 'The cluster is away'})
  const submit = () => peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(submit()).rejects.toMatchObject({
      code: errorCodes.notReplicated,
      message: 'The host has saved this, but the cluster does not have it yet: The cluster is away',
    })
  expect(log.read().filter(({type}) => type === 'prompt.queued')).toHaveLength(1)
  replication.setProblem(undefined)
  replicate()
  expect(await submit()).toMatchObject({prompt_id: 'a'})
  await expect.poll(() => agent.asked).toEqual(['ls'])
})
