import type {NewEvent, SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {agentChecks} from '../verify/find-agent-violations.ts'

const info: NewEvent = {type: 'session.info', payload: {title: 't', agent: 'faults', cwd: '/', created_at: 0}}
const session = (id: string, prompts: number): NewEvent => ({type: 'agent.session', payload: {id, cwd: '/', prompts}})
const start = (id: string): NewEvent => ({type: 'message.start', payload: {prompt_id: id, text: id}})
const said = (id: string, text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id: id, text}})
const end = (prompt_id: string, reason?: string): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id, duration_ms: 1, ...(reason ? {status: 'interrupted', reason} : {status: 'complete'})},
})
const died: NewEvent = {type: 'agent.exited', payload: {reason: 'killed'}}
const ready = (missing?: number): NewEvent => ({
  type: 'agent.ready',
  payload: {by: 'load', ...(missing !== undefined && {missing})},
})
const asks: NewEvent = {type: 'approval.request', payload: {prompt_id: 'b', approval_id: 'q', title: 't', choices: []}}
const withdrawn: NewEvent = {
  type: 'approval.withdrawn',
  payload: {prompt_id: 'b', approval_id: 'q', reason: 'the agent is gone'},
}
const tool = (status: string): NewEvent => ({
  type: 'tool.update',
  payload: {prompt_id: 'b', tool_call_id: 'x', status},
})

const first = [info, session('s', 0), start('a'), session('s', 1), said('a', 'yes'), end('a')]
const second = [start('b'), session('s', 2), tool('in_progress'), asks, withdrawn, tool('unknown'), died]
const all = [...first, ...second, end('b', 'agent-died'), session('s', 2), ready(1)]

function findIn(events: readonly NewEvent[], finished = ['a']): string[] {
  const log: SessionEvent[] = events.map((event, index) => ({...event, session_id: 's', seq: index + 1, at: index}))
  const facts = {log, faulted: new Set(['agent'] as const), finished: new Set(finished), interrupted: new Set<string>()}
  return Object.values(agentChecks).flatMap((check) => check(facts))
}

test('finds nothing where every guarantee holds', () => {
  expect(findIn(all)).toEqual([])
})

test.for<[string, string[], string]>([
  [
    'a complete prompt that the agent has not finished',
    findIn(all, []),
    'Expected the agent to have finished a, which is `complete`',
  ],
  [
    'a prompt that names another reason',
    findIn([...first, ...second, end('b', 'host-died')]),
    'Expected another reason for the end of b, found host-died',
  ],
  [
    'a question that outlives its agent',
    findIn(all.filter((event) => event !== withdrawn)),
    'Expected no open question after seq 12, found q',
  ],
  [
    'a question that outlives its host',
    findIn([...first, start('b'), asks, end('b', 'host-died')]),
    'Expected no open question after seq 9, found q',
  ],
  [
    'a tool that seems to run on',
    findIn([...first, start('b'), tool('in_progress'), died, end('b', 'agent-died')]),
    'Expected the outcome of each tool after seq 10, found x still running',
  ],
  [
    'another session',
    findIn([...all, session('other', 0)]),
    `Expected the agent to keep its session, found another one at seq ${all.length + 1}`,
  ],
  [
    'an answer that was replayed',
    findIn([...all, said('b', 'replayed answer to a')]),
    `Expected nothing of a replay in the log, found it at seq ${all.length + 1}`,
  ],
  [
    'answered prompts that are said to be forgotten',
    findIn([...all, ready(2)]),
    `Expected at most 1 missing prompts at seq ${all.length + 1}, found 2`,
  ],
])('finds %s', ([, found, violation]) => {
  expect(found).toContain(violation)
})
