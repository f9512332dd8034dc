import {createMemoryLog, createShownLog} from '@holdfast/event-log'
import {createSessionId, errorCodes, parseEvent} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {createReplication} from '../../src/fleet/replication.ts'
import {createSessionServer} from '../../src/server/session-server.ts'
import {createSession} from '../../src/session/create-session.ts'
import {createHandDrivenAgent} from '../fixtures/hand-driven-agent.ts'

/** Serves a session of a fleet that promises to ship its events later. */
function serve() {
  const session_id = createSessionId()
  const log = createMemoryLog({sessionId: session_id})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  const session = createSession({log, agent: createHandDrivenAgent(), onAppend: () => server.wake(), onFault() {}})
  const cluster = createReplication(0)
  const begun = async () => await cluster.reached(1)
  const shared = {log: createShownLog(log, () => cluster.seq), begun}
  const server = createSessionServer({
    sessionId: session_id,
    version: '1',
    current: () => ({session, log, shared}),
    create() {},
    onClosed() {},
  })
  return {
    session_id,
    connect({isElsewhere}: {isElsewhere: boolean}) {
      const [near, far] = createMemoryPair()
      server.serve(far, {isElsewhere})
      const peer = createConnection(near)
      const seqs: number[] = []
      peer.subscribe('event', (params) => {
        const event = parseEvent(params)
        if ('seq' in event) seqs.push(event.seq)
      })
      return {peer, seqs}
    },
    rename: (title: string) => session.rename(title),
    ship(seq: number) {
      cluster.advance(seq)
      server.wake()
    },
    timeOf: (seq: number) => log.read({afterSeq: seq - 1, limit: 1})[0]!.at,
  }
}

test('a client of another machine sees only what the cluster has, since it goes on where that goes on', async () => {
  const {session_id, connect, rename, ship} = serve()
  const [here, there] = [connect({isElsewhere: false}), connect({isElsewhere: true})]
  const resume = {session_id, after_seq: 0}
  expect(await here.peer.request('session.resume', resume)).toMatchObject({latest_seq: 1})
  const resumed = there.peer.request('session.resume', resume)
  rename('two')
  await expect.poll(() => here.seqs).toEqual([1, 2])
  ship(1)
  expect(await resumed).toMatchObject({latest_seq: 1, state: {info: {title: 'one'}}})
  await expect.poll(() => there.seqs).toEqual([1])
  ship(2)
  await expect.poll(() => there.seqs).toEqual([1, 2])
})

test('a client that has seen another event in the place of one is refused', async () => {
  const {session_id, connect, rename, ship, timeOf} = serve()
  rename('two')
  ship(2)
  const {peer} = connect({isElsewhere: true})
  const resume = (after_seq: number, after_at: number) =>
    peer.request('session.resume', {session_id, after_seq, after_at})
  expect(await resume(2, timeOf(2))).toMatchObject({latest_seq: 2})
  for (const [seq, at] of [
    [2, timeOf(2) + 1],
    [3, timeOf(2)],
  ] as const)
    await expect(resume(seq, at)).rejects.toMatchObject({
      code: errorCodes.otherEvents,
      message: expect.stringContaining(`goes on without event ${seq}`),
    })
})
