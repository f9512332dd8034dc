import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {needsUser, planNotices} from '../src/notifications/plan-notices.ts'
import {pageTitle} from '../src/ui/page-title.ts'

const summary = (changes: Partial<SessionSummary>): SessionSummary => ({
  id: 'one',
  title: 'Fix the tests',
  agent: 'shell',
  cwd: '/home/ada',
  state: 'idle',
  created_at: 0,
  updated_at: 0,
  ...changes,
})
const sessions = (...listed: Partial<SessionSummary>[]) =>
  new Map(listed.map(summary).map((session) => [session.id, session]))
const none = new Map<string, number>()

test('tells of a question and of a password when they come, once, by the title of the session alone', () => {
  const before = sessions({state: 'running'})
  const asking = sessions({state: 'running', waits_for: 'answer'})
  expect(planNotices(before, asking, none, 0).notices).toEqual([
    {sessionId: 'one', title: 'Fix the tests', text: 'The agent asks for your permission.'},
  ])
  expect(planNotices(asking, asking, none, 0).notices).toEqual([])
  const hiding = sessions({state: 'running', waits_for: 'password'})
  expect(planNotices(asking, hiding, none, 0).notices.map(({text}) => text)).toEqual(['A program asks for a password.'])
})

test('tells of the end of a long run, not of a short one', () => {
  const idle = sessions({})
  const busy = sessions({state: 'running'})
  const started = planNotices(idle, busy, none, 1000)
  expect(planNotices(busy, idle, started.running, 10_999).notices).toEqual([])
  expect(planNotices(busy, idle, started.running, 11_000).notices.map(({text}) => text)).toEqual(['A run has ended.'])
})

test('tells nothing of what is there when the page opens, nor of a program that waits for input', () => {
  expect(planNotices(undefined, sessions({waits_for: 'answer'}), none, 0).notices).toEqual([])
  const reading = sessions({state: 'running', waits_for: 'input'})
  expect(planNotices(sessions({state: 'running'}), reading, none, 0).notices).toEqual([])
})

test('a newer gateway may know more kinds', () => {
  expect(needsUser(summary({waits_for: 'toString'}))).toBe(false)
})

test('the title counts what waits', () => {
  expect(pageTitle({shown: undefined, waiting: 0})).toBe('Holdfast')
  expect(pageTitle({shown: 'Fix the tests', waiting: 2})).toBe('(2) Fix the tests · Holdfast')
})
