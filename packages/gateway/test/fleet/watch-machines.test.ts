import {protocolVersion, type SessionSummary} from '@holdfast/protocol'
import {createConnection, createMemoryPair, type Connection} from '@holdfast/rpc'
import {expect, onTestFinished, test} from 'vitest'

import {createLiveOwners} from '../../src/fleet/live-owners.ts'
import {watchMachines, type MachineListener} from '../../src/fleet/watch-machines.ts'
import {until} from '../fixtures/gateway-home.ts'
import {summaryOf} from '../fixtures/session-summary.ts'

const hello = {protocol: protocolVersion, version: '1.2.3'}

interface BoxFacts {
  sessions: SessionSummary[]
  /** Sessions whose change the machine reports before the client reads the list. @default none */
  changes?: SessionSummary[]
  /** Or it hangs up when it is asked for its sessions. @default true */
  answers?: boolean
  /** The list that the client was told. @default none */
  page?: SessionSummary[]
}

/** A fleet of machine `box`, and what a client was told of its sessions. */
async function watchBox({sessions, changes = [], answers = true, page = []}: BoxFacts) {
  const box = {hasLease: true, sessions, answers, connection: undefined as Connection | undefined}
  const cluster = {
    listMachines: () => Promise.resolve(box.hasLease ? [{name: 'box', instance: '1', labels: [], accepts: true}] : []),
    connect() {
      const [near, far] = createMemoryPair()
      const list = () => {
        for (const payload of changes)
          box.connection?.notify('event', {type: 'session.changed', session_id: payload.id, payload})
        if (box.answers) return {sessions: box.sessions}
        void box.connection?.close()
        return {}
      }
      box.connection = createConnection(far, {handlers: {'sessions.watch': list}})
      return Promise.resolve(createConnection(near))
    },
  }
  const owners = createLiveOwners()
  const told: string[] = []
  const watch = watchMachines({cluster, me: undefined, hello, pollMs: 10})
  const listen: MachineListener = (machine, event) => {
    owners.told(machine, event)
    if (event.type === 'session.deleted') return
    const {id, state, machine_silent} = event.payload
    told.push(`${id} ${state}${machine_silent === true ? ', silent' : ''}`)
  }
  const unsubscribe = watch.subscribe(listen, () => owners.silent())
  onTestFinished(unsubscribe)
  await watch.ready()
  owners.set(page)
  return {box, told}
}

test('a machine that hangs up when it is asked for its sessions is silent, and once it has lost its lease, nothing runs on it', async () => {
  const {box, told} = await watchBox({sessions: [summaryOf('s')]})
  box.answers = false
  void box.connection?.close()
  await until(() => expect(told).toEqual(['s idle, silent']))
  box.hasLease = false
  await until(() => expect(told).toEqual(['s idle, silent', 's stopped']))
})

test('a session that has left a machine while this did not list its sessions is stopped there', async () => {
  const {box, told} = await watchBox({sessions: [summaryOf('s'), summaryOf('left')]})
  box.answers = false
  void box.connection?.close()
  await until(() => expect(told).toEqual(['s idle, silent', 'left idle, silent']))
  box.sessions = [summaryOf('s')]
  box.answers = true
  await until(() => expect(told.slice(2)).toEqual(['s idle', 'left stopped']))
})

test('what changes while a machine lists its sessions is newer than the list', async () => {
  const facts = {sessions: [summaryOf('s'), summaryOf('other')], changes: [summaryOf('s', {state: 'running'})]}
  const {box, told} = await watchBox(facts)
  void box.connection?.close()
  await until(() => expect(told).toContain('other idle'))
  expect(told.filter((text) => text.startsWith('s '))).toEqual(['s running'])
})

const listedSilent = (id: string) => summaryOf(id, {state: 'stopped', machine: 'box', machine_silent: true})

test('sessions that were listed while their machine was silent are stopped once it has lost its lease', async () => {
  const {box, told} = await watchBox({sessions: [], answers: false, page: [listedSilent('s'), summaryOf('idle')]})
  box.hasLease = false
  await until(() => expect(told).toEqual(['s stopped']))
})

test('a machine that answers, but did not for a list, is asked again for its sessions', async () => {
  const page = [listedSilent('s'), listedSilent('at rest'), listedSilent('left')]
  const {told} = await watchBox({sessions: [summaryOf('s'), summaryOf('at rest', {state: 'stopped'})], page})
  await until(() => expect(told).toEqual(['s idle', 'at rest stopped', 'left stopped']))
})
