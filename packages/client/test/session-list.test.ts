import type {EphemeralEvent, SessionSummary} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {createSessionList, type SessionMap} from '../src/session-list.ts'

const summary = (id: string, state: SessionSummary['state'] = 'idle'): SessionSummary => ({
  id,
  title: id,
  agent: 'shell',
  cwd: '/',
  state,
  created_at: 0,
  updated_at: 0,
})
const changed = (id: string, state: SessionSummary['state']): EphemeralEvent => ({
  type: 'session.changed',
  session_id: id,
  payload: summary(id, state),
})

function openList(watch: () => Promise<{sessions: SessionSummary[]}>) {
  const asked: string[] = []
  const errors: unknown[] = []
  const list = createSessionList({
    watch() {
      asked.push('watch')
      return watch()
    },
    async unwatch() {
      asked.push('unwatch')
    },
    list: async () => [summary('old')],
    onError: (error) => errors.push(error),
  })
  const seen: string[][] = []
  const listener = (sessions: SessionMap) =>
    void seen.push(Array.from(sessions.values(), ({id, state}) => `${id} ${state}`))
  return {list, asked, errors, seen, listener}
}

test('a listener gets the sessions, and again after each change', async () => {
  const {list, seen, listener} = openList(async () => ({sessions: [summary('a'), summary('b')]}))
  list.watch(listener)
  await expect.poll(() => seen).toEqual([['a idle', 'b idle']])
  list.take(changed('b', 'running'))
  list.take(changed('c', 'idle'))
  list.take({type: 'session.deleted', session_id: 'a'})
  expect(seen.slice(1)).toEqual([
    ['a idle', 'b running'],
    ['a idle', 'b running', 'c idle'],
    ['b running', 'c idle'],
  ])
})

test('a change that arrives before the list is newer than the list', async () => {
  const answer = Promise.withResolvers<{sessions: SessionSummary[]}>()
  const {list, seen, listener} = openList(() => answer.promise)
  list.watch(listener)
  list.take(changed('a', 'running'))
  answer.resolve({sessions: [summary('a')]})
  await expect.poll(() => seen).toEqual([['a running']])
})

test('a second listener gets what is known, but not before `watch` returns', async () => {
  const {list, asked, seen, listener} = openList(async () => ({sessions: [summary('a')]}))
  await new Promise((resolve) => void list.watch(resolve))
  list.watch(listener)
  expect(seen).toEqual([])
  await expect.poll(() => seen).toEqual([['a idle']])
  expect(asked).toEqual(['watch'])
})

test('the next gateway is asked again, and nobody is asked when nobody listens', async () => {
  const {list, asked, seen, listener} = openList(async () => ({sessions: [summary('a')]}))
  list.connected()
  expect(asked).toEqual([])
  const end = list.watch(listener)
  const endOther = list.watch(() => undefined)
  await expect.poll(() => seen).toHaveLength(1)
  list.connected()
  await expect.poll(() => seen).toHaveLength(2)
  end()
  expect(asked).toEqual(['watch', 'watch'])
  endOther()
  list.take(changed('a', 'running'))
  list.connected()
  expect(asked).toEqual(['watch', 'watch', 'unwatch'])
  expect(seen).toHaveLength(2)
})

test('a gateway of an older version lists its sessions once; another error is reported', async () => {
  const older = openList(() => Promise.reject(new RpcError(-32_601, 'no such method')))
  older.list.watch(older.listener)
  await expect.poll(() => older.seen).toEqual([['old idle']])
  const broken = openList(() => Promise.reject(new Error('the disk is gone')))
  broken.list.watch(broken.listener)
  await expect.poll(() => broken.errors).toEqual([new Error('the disk is gone')])
})

test('changes that follow a watch that failed are taken, not collected', async () => {
  const answers = [Promise.resolve({sessions: [summary('a')]}), Promise.reject(new Error('the disk is gone'))]
  const {list, errors, seen, listener} = openList(() => answers.shift()!)
  list.watch(listener)
  await expect.poll(() => seen).toHaveLength(1)
  list.connected()
  await expect.poll(() => errors).toHaveLength(1)
  list.take(changed('a', 'running'))
  expect(seen).toEqual([['a idle'], ['a running']])
})
