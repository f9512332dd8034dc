import type {NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {cutShortEvents} from '../src/session/prompt-events.ts'
import {createSessionLog} from './fixtures/session-log.ts'

const tool = (tool_call_id: string, status?: string, type: 'tool.call' | 'tool.update' = 'tool.update'): NewEvent => ({
  type,
  payload: {prompt_id: 'p', tool_call_id, ...(status !== undefined && {status})},
})
const called = (id: string, status?: string) => tool(id, status, 'tool.call')
const choices = [
  {id: 'yes', label: 'Allow', kind: 'allow_once'},
  {id: 'no', label: 'Reject', kind: 'reject_once'},
]
const asked = (tool_call_id: string): NewEvent => ({
  type: 'approval.request',
  payload: {prompt_id: 'p', approval_id: `about-${tool_call_id}`, title: 'May I?', choices, tool_call_id},
})
const answered = (tool_call_id: string, choice: string): NewEvent => ({
  type: 'approval.resolved',
  payload: {prompt_id: 'p', approval_id: `about-${tool_call_id}`, choice, by: 'user'},
})

test.for<[string, NewEvent[], Record<string, string>]>([
  ['that ran is unknown', [called('a', 'pending'), tool('a', 'in_progress')], {a: 'unknown'}],
  ['that has ended is not', [called('a'), called('b'), tool('a', 'completed'), tool('b', 'failed')], {}],
  ['that has ended stays so when its output comes later', [called('a'), tool('a', 'completed'), tool('a')], {}],
  ['that an open question is about has not run', [tool('a'), asked('a'), tool('a', 'pending')], {a: 'not_run'}],
  ['that only a question names has not run', [asked('a')], {a: 'not_run'}],
  ['that runs all the same is unknown', [asked('a'), tool('a', 'in_progress')], {a: 'unknown'}],
  ['that was allowed is unknown', [asked('a'), answered('a', 'yes')], {a: 'unknown'}],
  ['that was refused has not run', [tool('a'), asked('a'), answered('a', 'no')], {a: 'not_run'}],
])('of a prompt that died with its host, a tool %s', ([, events, statuses]) => {
  const log = createSessionLog()
  log.append(events)
  expect(cutShortEvents(log, 'p')).toEqual(Object.entries(statuses).map(([id, status]) => tool(id, status)))
})
