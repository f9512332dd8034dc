import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'
import {createSessionLog} from './fixtures/session-log.ts'

/** Opens a session in which one prompt runs, and `a`, `b` and `c` wait. */
function openWithQueue() {
  const log = createSessionLog()
  const agent = createHandDrivenAgent()
  const start = () => createSession({log, agent, onAppend() {}, onFault() {}, now: () => 0})
  const session = start()
  session.submit({promptId: 'running', text: 'running'})
  for (const id of ['a', 'b', 'c']) session.submit({promptId: id, text: id})
  return {log, agent, session, start, queue: () => log.state()?.queue.map(({text}) => text)}
}

test('a waiting prompt with a changed text keeps its place and runs with that text', async () => {
  const {agent, session, queue} = openWithQueue()
  expect(session.update('b', 'B')).toBe(true)
  expect(session.update('b', 'B')).toBe(true)
  expect(queue()).toEqual(['a', 'B', 'c'])
  for (let ends = 0; ends < 2; ends++) await agent.finish()
  expect(agent.asked).toEqual(['running', 'a', 'B'])
})

test('a waiting prompt that is moved to the front runs next', async () => {
  const {agent, session, queue} = openWithQueue()
  expect(session.promote('c')).toBe(true)
  expect(session.promote('c')).toBe(true)
  expect(queue()).toEqual(['c', 'a', 'b'])
  await agent.finish()
  expect(agent.asked).toEqual(['running', 'c'])
})

test('a prompt that has started or is unknown is neither changed nor moved', async () => {
  const {agent, log, session} = openWithQueue()
  await agent.finish()
  const {latestSeq} = log
  for (const id of ['running', 'a', 'nobody']) {
    expect(session.update(id, 'other')).toBe(false)
    expect(session.promote(id)).toBe(false)
  }
  expect(log.latestSeq).toBe(latestSeq)
})

test('the next host starts with the changed queue', () => {
  const {log, start, session} = openWithQueue()
  session.update('a', 'A')
  session.promote('c')
  start()
  expect(log.state()).toMatchObject({running: {text: 'c'}, queue: [{text: 'A'}, {text: 'b'}]})
})

test('a queue of programs continues after failures, in a new shell too', async () => {
  const {agent, log} = openWithQueue()
  const events = () => log.read({afterSeq: 0}).map(({type}) => type)
  await agent.finish({status: 'complete', exitCode: 1})
  expect(events().slice(-2)).toEqual(['message.complete', 'message.start'])
  await agent.finish({status: 'complete', exitCode: 0, shellExited: {exitCode: 0}})
  expect(events().slice(-3)).toEqual(['message.complete', 'shell.exited', 'message.start'])
})

test('the next host says that the shell has ended, once, and continues the queue of programs', () => {
  const {log, start} = openWithQueue()
  start()
  expect(log.read({afterSeq: 0}).slice(-3)).toMatchObject([
    {type: 'message.complete', payload: {status: 'interrupted', reason: 'host-died'}},
    {type: 'shell.exited', payload: {}},
    {type: 'message.start', payload: {prompt_id: 'a'}},
  ])
})

test('a host that finds a session in which something ran says that its shell has ended, once', () => {
  const log = createSessionLog()
  const start = () => createSession({log, agent: createHandDrivenAgent(), onAppend() {}, onFault() {}, now: () => 0})
  start()
  start()
  expect(log.latestSeq).toBe(1)
  log.append([
    {type: 'prompt.queued', payload: {prompt_id: 'a', text: 'a', position: 0}},
    {type: 'message.start', payload: {prompt_id: 'a', text: 'a'}},
    {type: 'message.complete', payload: {prompt_id: 'a', status: 'complete', exit_code: 0}},
  ])
  start()
  start()
  expect(log.read({afterSeq: 4})).toMatchObject([{type: 'shell.exited', payload: {}}])
})

test('a changed text counts towards the total length of waiting prompts', () => {
  const {session} = openWithQueue()
  const long = 'x'.repeat(4 * 1024 * 1024)
  session.update('a', long)
  expect(() => session.update('b', long)).toThrow(expect.objectContaining({code: errorCodes.tooLarge}))
})

test('the draft is logged for the next host and client; setting it twice writes once', () => {
  const {log, session, start} = openWithQueue()
  session.setDraft('git comm')
  const {latestSeq} = log
  session.setDraft('git comm')
  expect(log.latestSeq).toBe(latestSeq)
  expect(start().state.draft).toBe('git comm')
})

test('input for a prompt does not reach the program of another prompt', async () => {
  const {agent, session} = openWithQueue()
  session.input(Buffer.from('yes\n'), 'running')
  await agent.finish()
  expect(() => session.input(Buffer.from('yes\n'), 'running')).toThrow('No program is running')
  session.input(Buffer.from('yes\n'), 'a')
  session.input(Buffer.from('yes\n'))
})
