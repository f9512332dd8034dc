import type {SessionStatus} from '@holdfast/client'
import {expect, test} from 'vitest'

import {createInterruptKey} from '../../../src/app/composer/interrupt-key.ts'
import {createScreenModel} from '../../../src/ui/screen-model.ts'
import {idleSession} from '../../fixtures/idle-session.ts'

test('Ctrl-C leaves only while the notice is on the screen', () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  let leaves = 0
  const {press} = createInterruptKey({
    session: () => undefined,
    model,
    leave: () => void leaves++,
    reportError: () => {},
  })
  press(true)
  expect(model.snapshot.notice).toBe('Press Ctrl-C again to leave')
  model.setNotice(undefined)
  press(true)
  expect([model.snapshot.notice, leaves]).toEqual(['Press Ctrl-C again to leave', 0])
  model.setNotice('Something else is to be known')
  press(true)
  expect([model.snapshot.notice, leaves]).toEqual(['Press Ctrl-C again to leave', 0])
  press(true)
  expect(leaves).toBe(1)
})

test('while a coding agent works, Ctrl-C clears the draft first; a command is interrupted beside a draft', () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  const interrupted: (string | undefined)[] = []
  const pressIn = (agent: string, text: string, isEmpty: boolean) => {
    const {info} = idleSession()
    const state = idleSession({info: {...info, agent}, running: {prompt_id: text, text, started_at: 0}})
    const interrupt = ({promptId}: {promptId?: string} = {}) => Promise.resolve(interrupted.push(promptId) > 0)
    const session = () => ({status: {kind: 'live'} as const, state, interrupt})
    return createInterruptKey({session, model, leave() {}, reportError() {}}).press(isEmpty)
  }
  expect(pressIn('claude', 'do it', false)).toBe(false)
  expect(pressIn('claude', 'do it', true)).toBe(true)
  expect(pressIn('claude', '!make', false)).toBe(true)
  expect(pressIn('shell', 'make', false)).toBe(true)
  expect(interrupted).toEqual(['do it', '!make', 'make'])
})

test('whoever hammers on Ctrl-C until a command ends does not leave', () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  const running = {prompt_id: 'p', text: 'sleep 60', at: 0, started_at: 0}
  let state = idleSession({running})
  let interrupts = 0
  let leaves = 0
  let time = 0
  const {press, noteTyped} = createInterruptKey({
    session: () => ({status: {kind: 'live'}, state, interrupt: () => Promise.resolve(++interrupts > 0)}),
    model,
    leave: () => void leaves++,
    reportError: () => {},
    now: () => time,
  })
  press(true)
  press(true)
  state = idleSession()
  for (time of [300, 900, 1500]) press(true)
  expect([interrupts, model.snapshot.notice, leaves]).toEqual([2, undefined, 0])
  time = 3000
  press(true)
  expect([model.snapshot.notice, leaves]).toEqual(['Press Ctrl-C again to leave', 0])
  press(true)
  expect(leaves).toBe(1)
  model.setNotice(undefined)
  state = idleSession({running})
  press(true)
  state = idleSession()
  noteTyped()
  press(true)
  expect(model.snapshot.notice).toBe('Press Ctrl-C again to leave')
})

test('Ctrl-C for a command that cannot be reached at the moment does not leave', () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  let interrupts = 0
  let leaves = 0
  let status: SessionStatus = {kind: 'recovering', attempt: 1, of: 3}
  const {press} = createInterruptKey({
    session: () => ({
      status,
      state: idleSession({running: {prompt_id: 'p', text: 'sleep 60', started_at: 0}}),
      interrupt: () => Promise.resolve(++interrupts > 0),
    }),
    model,
    leave: () => void leaves++,
    reportError: () => {},
  })
  press(true)
  expect(model.snapshot.notice).toContain('but cannot be reached')
  press(true)
  expect([interrupts, leaves]).toEqual([0, 0])
  status = {kind: 'live'}
  press(true)
  expect(interrupts).toBe(1)
})
