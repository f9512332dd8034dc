import type {ClientStatus} from '@holdfast/client'
import {supervise} from '@holdfast/supervisor/supervise'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createScreenModel, type ScreenModel} from '../../src/ui/screen-model.ts'
import {showConnection} from '../../src/ui/show-connection.ts'

type End = Extract<ClientStatus, {kind: 'recovering'}>['end']

let model: ScreenModel
beforeEach(() => {
  vi.useFakeTimers()
  model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
})
afterEach(() => void vi.useRealTimers())

/** Supervises instances that each crash after `everyMs`. */
function keepDying({everyMs, isOpen}: {everyMs: number; isOpen: boolean}) {
  let isBroken = false
  const supervisor = supervise<string, NonNullable<End>>({
    start: () =>
      isBroken
        ? Promise.reject(new Error('no such setting'))
        : Promise.resolve({
            value: 'a connection',
            closed: new Promise((resolve) => setTimeout(() => resolve({by: 'peer', message: 'killed'}), everyMs)),
            close: () => {},
          }),
    onStatus: (status) => showConnection(model, status, {isOpen}),
  })
  supervisor.current().catch(() => undefined)
  return {supervisor, break: () => (isBroken = true), mend: () => (isBroken = false)}
}

test('a gateway that crashes every 20 s is reported as a crash loop at its fifth crash', async () => {
  keepDying({everyMs: 20_000, isOpen: true})
  // The restarts after the crashes wait 0, 0.5 and 2 s.
  await vi.advanceTimersByTimeAsync(4 * 20_000 + 10_000)
  expect(model.snapshot.notice).toBeUndefined()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(model.snapshot.notice).toMatch(/^The gateway keeps crashing/)
})

test('crashes with a healthy minute in between are no crash loop', async () => {
  keepDying({everyMs: 61_000, isOpen: true})
  await vi.advanceTimersByTimeAsync(20 * 61_000)
  expect(model.snapshot.notice).toBeUndefined()
})

test('until the session is open, shows the status of the connection', async () => {
  const {supervisor, ...gateway} = keepDying({everyMs: 1000, isOpen: false})
  await vi.advanceTimersByTimeAsync(500)
  expect(model.snapshot.status).toEqual({kind: 'starting'})
  gateway.break()
  await vi.advanceTimersByTimeAsync(600)
  expect(model.snapshot.status).toMatchObject({kind: 'recovering', attempt: 2, of: 3})
  await vi.advanceTimersByTimeAsync(5000)
  expect(model.snapshot.status).toEqual({kind: 'gave-up', reason: 'no such setting', stderr: []})
  gateway.mend()
  supervisor.retry()
  expect(model.snapshot.status).toEqual({kind: 'starting'})
})

test('an open session has a status of its own', async () => {
  const {break: breakIt} = keepDying({everyMs: 1000, isOpen: true})
  breakIt()
  model.setStatus({kind: 'live'})
  await vi.advanceTimersByTimeAsync(10_000)
  expect(model.snapshot.status).toEqual({kind: 'live'})
})
