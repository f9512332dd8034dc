import {setImmediate as nextTurn} from 'node:timers/promises'

import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {LocalMethods} from '../../src/fleet/gateway-fleet.ts'
import type {SessionHolder} from '../../src/fleet/plan-route.ts'
import type {RouteContext} from '../../src/fleet/route-context.ts'
import {routeWatch} from '../../src/fleet/route-watch.ts'
import type {MachineListener} from '../../src/fleet/watch-machines.ts'
import type {SummaryEvent} from '../../src/stored-sessions/summary-sender.ts'
import {summaryOf} from '../fixtures/session-summary.ts'

test('a list of this home that fails while other machines are waited for is the answer, and ends no process', async () => {
  const watch = {subscribe: () => () => {}, ready: () => nextTurn()}
  const {start} = routeWatch({local: {}, watch, me: 'a'} as unknown as RouteContext)
  const own = {'sessions.watch': () => Promise.reject(new Error('no disk'))} as unknown as LocalMethods
  await expect(start(own, (ownPage) => ownPage, {} as never)).rejects.toThrow('no disk')
})

const summary = (facts: Partial<SessionSummary>) => summaryOf('s', {state: 'stopped', ...facts})
const changed = (state: SessionSummary['state'], machine: string): SummaryEvent => ({
  type: 'session.changed',
  session_id: 's',
  payload: summary({state, machine}),
})
const deleted: SummaryEvent = {type: 'session.deleted', session_id: 's'}

/** A client on no machine that watches `listed`, and what it was told since, as `machine state`. */
async function watchFleet(listed: SessionSummary, readHolder: () => Promise<SessionHolder | undefined>) {
  const told: string[] = []
  let say: MachineListener = () => {}
  const watch = {
    subscribe(listener: MachineListener) {
      say = listener
      return () => {}
    },
    ready: () => Promise.resolve(),
  }
  const report = (event: SummaryEvent) =>
    told.push(event.type === 'session.deleted' ? 'deleted' : `${event.payload.machine} ${event.payload.state}`)
  const local = {sender: {report, clear: () => {}}}
  const routed = routeWatch({local, cluster: {readHolder}, watch, me: undefined} as unknown as RouteContext)
  const start = (page = listed) => {
    const own = {'sessions.watch': () => ({sessions: []})} as unknown as LocalMethods
    return routed.start(own, () => Promise.resolve({sessions: [page]}), {} as never)
  }
  await start()
  const settled = async () => {
    // The cluster of a test answers at once, and a question follows another one only where an event has waited.
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    return told
  }
  return {say: (machine: string, event: SummaryEvent) => say(machine, event), settled, stop: routed.stop, told}
}

const heldBy = (machine: string, state: SessionHolder['state'] = 'open') => ({machine, state, needs: []})

test('a machine that comes back with an old copy of an idle session, and clears it away, does not take the session from the list', async () => {
  let holder = heldBy('a')
  const {say, settled} = await watchFleet(summary({machine: 'a', state: 'idle'}), () => Promise.resolve(holder))
  say('a', changed('stopped', 'a'))
  holder = heldBy('b')
  say('b', changed('stopped', 'b'))
  expect(await settled()).toEqual(['a stopped', 'b stopped'])
  say('a', changed('stopped', 'a'))
  say('a', deleted)
  expect(await settled()).toEqual(['a stopped', 'b stopped'])
  say('b', changed('idle', 'b'))
  expect(await settled()).toEqual(['a stopped', 'b stopped', 'b idle'])
})

test('a session that ran on a machine that is gone is shown at its new one, though nobody has seen yet that it is gone', async () => {
  const {say, settled} = await watchFleet(summary({machine: 'a', state: 'idle'}), () => Promise.resolve(heldBy('b')))
  say('b', changed('stopped', 'b'))
  expect(await settled()).toEqual(['b stopped'])
})

test('a copy is cleared away before the client was told that the session has moved', async () => {
  const {say, settled} = await watchFleet(summary({machine: 'a'}), () => Promise.resolve(heldBy('b')))
  say('a', deleted)
  say('b', changed('stopped', 'b'))
  expect(await settled()).toEqual(['b stopped'])
})

test.each([
  ['its machine has deleted it', () => Promise.resolve(heldBy('a', 'closed'))],
  ['the cluster has it as deleted', () => Promise.resolve(heldBy('b', 'deleted'))],
  ['the cluster does not know it', () => Promise.resolve(undefined)],
  ['the cluster does not answer', () => Promise.reject(new Error('away'))],
])('a session is deleted where %s', async (_why, readHolder) => {
  const {say, settled} = await watchFleet(summary({machine: 'a', state: 'closed'}), readHolder)
  say('a', deleted)
  expect(await settled()).toEqual(['deleted'])
})

test('a client that does not watch any more is told nothing', async () => {
  const {say, settled, stop} = await watchFleet(summary({machine: 'a'}), () => Promise.resolve(undefined))
  say('a', deleted)
  stop()
  expect(await settled()).toEqual([])
})
