import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import type {Result, SessionSummary} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, onTestFinished, test} from 'vitest'

import {watchSessions, type SessionsWatchOptions} from '../src/stored-sessions/watch-sessions.ts'

const summary = (id: string): SessionSummary => ({
  id,
  title: id,
  agent: 'shell',
  cwd: '/',
  state: 'idle',
  created_at: 0,
  updated_at: 0,
})

/** A watch of sessions whose hosts are gone when they are looked for. */
function openWatch(
  options: Pick<SessionsWatchOptions, 'list'> & Partial<Pick<SessionsWatchOptions, 'logs' | 'hosts'>>,
) {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rmSync(home, {recursive: true}))
  const looked: string[] = []
  const told: unknown[] = []
  const watch = watchSessions({
    home,
    hosts: {
      async find(id) {
        looked.push(id)
        return undefined
      },
    },
    logs: {read: (id) => summary(id) as never},
    sender: {report: (event) => told.push(event), clear: () => {}},
    ...options,
  })
  onTestFinished(() => watch.stop())
  return {watch, looked, told}
}

test('a watch that ends before its list is there follows no host, and tells nothing', async () => {
  const list = Promise.withResolvers<Result<'session.list'>>()
  const {watch, looked, told} = openWatch({list: () => list.promise})
  const page = watch.start()
  watch.stop()
  list.resolve({sessions: [summary('aaaaaaaaaa')]})
  expect(await page).toEqual({sessions: [summary('aaaaaaaaaa')]})
  expect(looked).toEqual([])
  expect(told).toEqual([])
})

test('a change of a session that comes with the summary of its host is newer', async () => {
  const id = 'aaaaaaaaaa'
  const [near, far] = createMemoryPair()
  const change = {type: 'session.changed', session_id: id, payload: {...summary(id), state: 'running'}}
  const host = createConnection(far, {
    handlers: {
      'session.summary'() {
        host.notify('event', change)
        return {summary: summary(id)}
      },
    },
  })
  const connections = [createConnection(near)]
  const {watch, told} = openWatch({
    list: async () => ({sessions: [summary(id)]}),
    hosts: {find: async () => connections.pop()},
  })
  await watch.start()
  await expect.poll(() => told).toHaveLength(1)
  void host.close()
  await expect.poll(() => told).toMatchObject([{payload: {state: 'running'}}, {payload: {state: 'stopped'}}])
})

test('a log that fails in an unknown way leaves its session as it was, and the others are told', async () => {
  const {watch, told} = openWatch({
    list: async () => ({sessions: [summary('aaaaaaaaaa'), summary('bbbbbbbbbb')]}),
    logs: {
      read(id) {
        if (id === 'aaaaaaaaaa') throw new TypeError('Expected another shape')
        return summary(id) as never
      },
    },
  })
  await watch.start()
  await expect.poll(() => told).toMatchObject([{session_id: 'bbbbbbbbbb', payload: {state: 'stopped'}}])
})
