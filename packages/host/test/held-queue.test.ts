import {expect, test} from 'vitest'

import type {PromptOutcome} from '../src/index.ts'
import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'
import {createSessionLog} from './fixtures/session-log.ts'

/** Opens a session in which one prompt runs; `a` and `b` of a user wait, and `p` of a program behind them. */
function openWithQueue() {
  const log = createSessionLog()
  const agent = createHandDrivenAgent()
  const start = () => createSession({log, agent, onAppend() {}, onFault() {}, now: () => 0})
  const session = start()
  const submit = (id: string, holdOnFailure?: true) => session.submit({promptId: id, text: id, holdOnFailure})
  submit('running', true)
  submit('a', true)
  submit('b', true)
  return {log, agent, session, start, submit, queue: () => log.state()?.queue.map(({text}) => text)}
}

const failure: PromptOutcome = {status: 'complete', exitCode: 2}

test.for<[what: string, outcome: PromptOutcome, reason: string]>([
  ['a command that fails', failure, 'failed'],
  ['a command that Ctrl-C ends', {status: 'interrupted', reason: 'user', exitCode: 130}, 'interrupted'],
  [
    'a command that ends well after Ctrl-C, such as a server,',
    {status: 'complete', exitCode: 0, afterInterrupt: true},
    'interrupted',
  ],
  ['a command that Ctrl-Z stops', {status: 'complete', exitCode: 148}, 'stopped'],
  ['a command that is unfinished', {status: 'failed', reason: 'incomplete-input'}, 'failed'],
  ['a shell that exits', {status: 'complete', exitCode: 0, shellExited: {exitCode: 0}}, 'shell-exited'],
  ['an unknown status', {status: 'complete', reason: 'exit-status-unknown'}, 'exit-status-unknown'],
])('%s holds the prompts of users behind it', async ([, outcome, reason]) => {
  const {agent, log, session, queue} = openWithQueue()
  await agent.finish(outcome)
  expect(agent.asked).toEqual(['running'])
  expect(queue()).toEqual(['a', 'b'])
  expect(session.state.held).toEqual({reason, text: 'running'})
  expect(log.read({afterSeq: 0}).at(-1)).toMatchObject({type: 'queue.held', payload: {reason, text: 'running'}})
})

test('a success holds nothing', async () => {
  const {agent, session} = openWithQueue()
  await agent.finish()
  expect(agent.asked).toEqual(['running', 'a'])
  expect(session.state.held).toBeNull()
  expect(session.continueQueue()).toBe(false)
})

test('a host that died holds the queue, and so it is found by every host after it', () => {
  const {start, queue} = openWithQueue()
  start()
  expect(start().state.held).toEqual({reason: 'host-died', text: 'running'})
  expect(queue()).toEqual(['a', 'b'])
})

test.each([
  ['that runs', [] as const],
  ['that waits', [{type: 'queue.held', payload: {reason: 'machine-gone', all: true}}] as const],
])('a machine that is gone has interrupted what ran there, and not its host: %s', (_what, held) => {
  const {log, start} = openWithQueue()
  const note = {text: 'Machine a is gone', level: 'warning', reason: 'machine-gone'} as const
  log.append([{type: 'note', payload: note}, ...held])
  start()
  const ends = log.read({afterSeq: 0}).filter(({type}) => type === 'message.complete')
  expect(ends).toMatchObject([{payload: {prompt_id: 'running', status: 'interrupted', reason: 'machine-gone'}}])
  expect(start().state.held).toEqual({reason: 'machine-gone', ...(held.length === 0 && {text: 'running'})})
})

test('a host that dies on the machine that has taken the session over is what interrupts', () => {
  const {log, start} = openWithQueue()
  log.append([{type: 'note', payload: {text: 'Machine a is gone', level: 'warning', reason: 'machine-gone'}}])
  const session = start()
  expect(session.continueQueue()).toBe(true)
  start()
  const reasons = log
    .read({afterSeq: 0})
    .flatMap(({type, payload}) => (type === 'message.complete' ? [payload.reason] : []))
  expect(reasons).toEqual(['machine-gone', 'host-died'])
})

test('continuing runs what is held, in its order', async () => {
  const {agent, session} = openWithQueue()
  await agent.finish(failure)
  expect(session.continueQueue()).toBe(true)
  expect(session.continueQueue()).toBe(false)
  await agent.finish()
  expect(agent.asked).toEqual(['running', 'a', 'b'])
  expect(session.state).toMatchObject({held: null, running: {text: 'b'}, queue: []})
})

test('a prompt that is submitted while others are held runs at once, and they stay held', async () => {
  const {agent, session, submit, queue} = openWithQueue()
  await agent.finish(failure)
  expect(submit('new', true)).toBe('running')
  submit('newer', true)
  await agent.finish()
  await agent.finish()
  expect(agent.asked).toEqual(['running', 'new', 'newer'])
  expect(queue()).toEqual(['a', 'b'])
  expect(session.state.held).toEqual({reason: 'failed', text: 'running'})
})

test('prompts of programs run past those that are held', async () => {
  const {agent, submit, queue} = openWithQueue()
  submit('p')
  await agent.finish(failure)
  expect(agent.asked).toEqual(['running', 'p'])
  await agent.finish(failure)
  expect(queue()).toEqual(['a', 'b'])
})

test('a held prompt that is moved to the front runs, and the others stay held', async () => {
  const {agent, session, queue} = openWithQueue()
  await agent.finish(failure)
  expect(session.promote('b')).toBe(true)
  expect(agent.asked).toEqual(['running', 'b'])
  expect(queue()).toEqual(['a'])
  await agent.finish()
  expect(agent.asked).toEqual(['running', 'b'])
  session.update('a', 'A')
  expect(session.state.held).toEqual({reason: 'failed', text: 'running'})
})

test('a prompt that was moved to the front runs after an interrupt', async () => {
  const {agent, session, queue} = openWithQueue()
  session.promote('b')
  session.interrupt()
  await agent.finish()
  expect(agent.asked.slice(0, 2)).toEqual(['running', 'b'])
  expect(queue()).toEqual(['a'])
})

test('the first of the queue that is moved to the front runs after an interrupt, too', async () => {
  const {agent, session, queue} = openWithQueue()
  session.promote('a')
  session.interrupt()
  await agent.finish({status: 'interrupted', reason: 'user'})
  expect(agent.asked).toEqual(['running', 'a'])
  expect(queue()).toEqual(['b'])
})

test('a queue from which all held prompts are withdrawn is not held', async () => {
  const {agent, session} = openWithQueue()
  await agent.finish(failure)
  session.withdraw('a')
  expect(session.state.held).not.toBeNull()
  session.withdraw('b')
  expect(session.state.held).toBeNull()
})

test('continuing while a prompt runs lets the held ones follow it', async () => {
  const {agent, session, submit} = openWithQueue()
  await agent.finish(failure)
  submit('new', true)
  expect(session.continueQueue()).toBe(true)
  await agent.finish()
  expect(agent.asked).toEqual(['running', 'new', 'a'])
})

test('closing a session holds nothing', async () => {
  const {log, session} = openWithQueue()
  await session.close('user')
  expect(log.read({afterSeq: 0}).map(({type}) => type)).not.toContain('queue.held')
})

test('a session that was made for one command ends when the prompts that are held in it are withdrawn', async () => {
  const log = createSessionLog()
  log.append([{type: 'session.info', payload: {...log.state()!.info, one_shot: true}}])
  const agent = createHandDrivenAgent()
  const session = createSession({log, agent, onAppend() {}, onFault() {}, now: () => 0})
  session.submit({promptId: 'command', text: 'command'})
  session.submit({promptId: 'a', text: 'a', holdOnFailure: true})
  session.submit({promptId: 'b', text: 'b', holdOnFailure: true})
  await agent.finish(failure)
  session.withdraw('a')
  expect(agent.isClosed).toBe(false)
  session.withdraw('b')
  await session.closed
  expect(log.state()?.closed).toMatchObject({reason: 'command-ended'})
})
