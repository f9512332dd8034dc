import type {EventLog} from '@holdfast/event-log'
import {errorCodes, maxQueuedPrompts, type SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createSession} from '../src/session/create-session.ts'
import type {Session} from '../src/session/session.ts'
import {createHandDrivenAgent, type HandDrivenAgent} from './fixtures/hand-driven-agent.ts'
import {createSessionLog} from './fixtures/session-log.ts'

interface Opened {
  log: EventLog
  agent: HandDrivenAgent
  session: Session
  faults: unknown[]
}

function open(log = createSessionLog()): Opened {
  const agent = createHandDrivenAgent()
  const faults: unknown[] = []
  const session = createSession({log, agent, onAppend() {}, onFault: (error) => faults.push(error), now: () => 0})
  return {log, agent, session, faults}
}

/** Summarizes the log after event 1. */
function story(log: EventLog): string[] {
  return log.read({afterSeq: 1}).map(inShort)
}

function inShort(event: SessionEvent): string {
  switch (event.type) {
    case 'prompt.queued':
      return `queued ${event.payload.prompt_id}`
    case 'message.start':
      return `start ${event.payload.prompt_id}`
    case 'message.delta':
      return `delta ${event.payload.prompt_id} ${event.payload.text}`
    case 'message.complete':
      return `${event.payload.status} ${event.payload.prompt_id}`
    default:
      return event.type
  }
}

test('a prompt is committed before submit returns, and runs at once if no other prompt does', () => {
  const {log, agent, session} = open()
  expect(session.submit({promptId: 'a', text: 'ls'})).toBe('running')
  expect(story(log)).toEqual(['queued a', 'start a'])
  expect(agent.asked).toEqual(['ls'])
})

test('prompts run one after another, in the order of their submission', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'first'})
  expect(session.submit({promptId: 'b', text: 'second'})).toBe('queued')
  expect(session.submit({promptId: 'c', text: 'third'})).toBe('queued')
  agent.print('out')
  await agent.finish()
  await agent.finish({status: 'failed', reason: 'incomplete-input'})
  await agent.finish()
  expect(agent.asked).toEqual(['first', 'second', 'third'])
  expect(story(log)).toEqual([
    'queued a',
    'start a',
    'queued b',
    'queued c',
    'delta a out',
    'complete a',
    'start b',
    'failed b',
    'start c',
    'complete c',
  ])
})

test('the log says in which folder each prompt starts, also behind one that changes it', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'cd /'})
  session.submit({promptId: 'b', text: 'ls'})
  await agent.finish({status: 'complete', exitCode: 0, cwd: '/'})
  const starts = log.read().filter((event) => event.type === 'message.start')
  expect(starts.map(({payload: {prompt_id, cwd}}) => [prompt_id, cwd])).toEqual([
    ['a', '/tmp'],
    ['b', '/'],
  ])
})

test('submitting a prompt again returns its status and does not run it again', async () => {
  const {agent, session} = open()
  session.submit({promptId: 'a', text: 'once'})
  session.submit({promptId: 'b', text: 'later'})
  expect(session.submit({promptId: 'a', text: 'once'})).toBe('running')
  expect(session.submit({promptId: 'b', text: 'later'})).toBe('queued')
  await agent.finish({status: 'failed', reason: 'incomplete-input'})
  expect(session.submit({promptId: 'a', text: 'once'})).toBe('failed')
  expect(agent.asked).toEqual(['once', 'later'])
})

test('a withdrawn prompt is cancelled, and the next one runs', async () => {
  const {log, agent, session} = open()
  for (const promptId of ['a', 'b', 'c']) session.submit({promptId, text: promptId})
  expect(session.withdraw('b')).toBe(true)
  expect(session.withdraw('b')).toBe(true)
  expect(session.state.queue).toEqual([{prompt_id: 'c', text: 'c'}])
  await agent.finish()
  await agent.finish()
  expect(agent.asked).toEqual(['a', 'c'])
  expect(story(log).slice(4)).toEqual(['cancelled b', 'complete a', 'start c', 'complete c'])
  expect(log.readPrompt('b').at(-1)).toMatchObject({payload: {status: 'cancelled', reason: 'withdrawn'}})
  expect(session.submit({promptId: 'b', text: 'b'})).toBe('cancelled')
})

test('a prompt that has started or is unknown cannot be withdrawn', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'make'})
  expect(session.withdraw('a')).toBe(false)
  await agent.finish()
  expect(session.withdraw('a')).toBe(false)
  expect(session.withdraw('nobody')).toBe(false)
  expect(story(log)).toEqual(['queued a', 'start a', 'complete a'])
})

test('all output is in the log before the end of its prompt', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'cat'})
  for (const letter of ['a', 'b', 'c']) agent.print(letter)
  await agent.finish()
  expect(story(log).slice(2)).toEqual(['delta a abc', 'complete a'])
})

test('the session info has the folder in which the last command ended, and so has its end where it changed that', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'cd /'})
  await agent.finish({status: 'complete', exitCode: 0, cwd: '/'})
  expect(session.state.info.cwd).toBe('/')
  session.submit({promptId: 'b', text: 'true'})
  await agent.finish({status: 'complete', exitCode: 0, cwd: '/'})
  const ends = log.read().filter(({type}) => type === 'message.complete')
  expect(ends.map(({payload}) => 'cwd' in payload && payload.cwd)).toEqual(['/', false])
})

test('a shell that exits ends its prompt, not the session', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'exit 3'})
  await agent.finish({status: 'complete', exitCode: 3, shellExited: {exitCode: 3}})
  expect(story(log).slice(2)).toEqual(['complete a', 'shell.exited'])
  expect(session.submit({promptId: 'b', text: 'pwd'})).toBe('running')
})

test('a prompt that was running when its host died ends as interrupted and does not run again', async () => {
  const log = createSessionLog()
  const before = open(log)
  before.session.submit({promptId: 'a', text: 'rm -r build'})
  before.session.submit({promptId: 'b', text: 'make'})
  before.agent.print('removed')
  await expect.poll(() => story(log)).toContain('delta a removed')

  const after = open(log)
  expect(after.agent.asked).toEqual(['make'])
  expect(story(log)).toEqual([
    'queued a',
    'start a',
    'queued b',
    'delta a removed',
    'interrupted a',
    'shell.exited',
    'start b',
  ])
  expect(log.readPrompt('a').at(-1)).toMatchObject({payload: {status: 'interrupted', reason: 'host-died'}})
  expect(after.session.submit({promptId: 'a', text: 'rm -r build'})).toBe('interrupted')
})

test('a prompt that waited when an idle host died runs on the next host', () => {
  const log = createSessionLog()
  log.append([{type: 'prompt.queued', payload: {prompt_id: 'a', text: 'make', position: 0}}])
  const {agent} = open(log)
  expect(agent.asked).toEqual(['make'])
})

test('a signal needs a running program, which it can reach', () => {
  const {session} = open()
  expect(() => session.signal('SIGTERM')).toThrow(/^No program is running/)
  session.submit({promptId: 'a', text: 'make'})
  expect(() => session.signal('SIGTERM', 'b')).toThrow(/^No program is running/)
  expect(() => session.signal('SIGTERM')).toThrow(/^No signal reaches what runs/)
})

test('interrupt returns whether a program was running', async () => {
  const {log, session} = open()
  expect(session.interrupt()).toBe(false)
  session.submit({promptId: 'a', text: 'sleep 9'})
  expect(session.interrupt('b')).toBe(false)
  expect(session.interrupt('a')).toBe(true)
  await new Promise(setImmediate)
  expect(log.readPrompt('a').at(-1)).toMatchObject({
    payload: {status: 'interrupted', reason: 'user', exit_code: 130},
  })
})

test('input without a running program is rejected', () => {
  const {session} = open()
  expect(() => session.input(new Uint8Array(1))).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
})

test('closing ends the running prompt and cancels the waiting ones; later requests are rejected', async () => {
  const {log, agent, session} = open()
  session.submit({promptId: 'a', text: 'sleep 9'})
  session.submit({promptId: 'b', text: 'make'})
  await expect(session.close('user')).resolves.toBe(true)
  expect(story(log).slice(3)).toEqual(['interrupted a', 'cancelled b', 'session.closed'])
  expect(agent.asked).toEqual(['sleep 9'])
  expect(session.isClosed).toBe(true)
  await expect(session.close('user')).resolves.toBe(false)
  expect(() => session.submit({promptId: 'c', text: 'ls'})).toThrow(
    expect.objectContaining({code: errorCodes.sessionClosed}),
  )
})

test('a second close resolves when the first is done', async () => {
  const {log, session} = open()
  session.submit({promptId: 'a', text: 'sleep 9'})
  const [first, second] = [session.close('user'), session.close('user')]
  await expect(second).resolves.toBe(false)
  expect(log.state()?.closed).not.toBeNull()
  await expect(first).resolves.toBe(true)
})

test('a host that is about to end rejects requests, so that clients try the next one', async () => {
  const {session} = open()
  const suspended = session.suspend('host-ended')
  const unavailable = expect.objectContaining({code: errorCodes.hostUnavailable})
  expect(() => session.submit({promptId: 'a', text: 'ls'})).toThrow(unavailable)
  await expect(session.close('user')).rejects.toEqual(unavailable)
  await suspended
})

test('a host that is about to end does not withdraw a prompt, so that the next one can', async () => {
  const {log, session} = open()
  for (const promptId of ['a', 'b']) session.submit({promptId, text: promptId})
  const suspended = session.suspend('host-ended')
  expect(() => session.withdraw('b')).toThrow(expect.objectContaining({code: errorCodes.hostUnavailable}))
  await suspended
  expect(log.state()?.queue).toMatchObject([{prompt_id: 'b'}])
})

test('a host that ends records the end of the running prompt, and leaves the queue to the next host', async () => {
  const {log, session} = open()
  session.submit({promptId: 'a', text: 'sleep 9'})
  session.submit({promptId: 'b', text: 'make'})
  await session.suspend('host-ended')
  expect(story(log).slice(3)).toEqual(['interrupted a'])
  expect(log.state()).toMatchObject({closed: null, running: null, queue: [{prompt_id: 'b'}]})
})

test('a full queue rejects prompts', () => {
  const {session} = open()
  session.submit({promptId: 'running', text: 'sleep 9'})
  for (let count = 0; count < maxQueuedPrompts; count++) session.submit({promptId: `p${count}`, text: 'ls'})
  expect(() => session.submit({promptId: 'one-more', text: 'ls'})).toThrow(
    'The prompt queue is full (256): wait for one to finish',
  )
})

test('the total length of waiting prompts has a bound', () => {
  const {session} = open()
  session.submit({promptId: 'running', text: 'sleep 9'})
  const text = 'x'.repeat(4 * 1024 * 1024)
  for (const promptId of ['a', 'b']) session.submit({promptId, text})
  expect(() => session.submit({promptId: 'c', text: 'ls'})).toThrow(
    expect.objectContaining({code: errorCodes.tooLarge}),
  )
})

test('a log that can no longer be written is reported as a fault', async () => {
  const log = createSessionLog()
  const {agent, session, faults} = open({
    ...log,
    append(events, options) {
      if (events.some(({type}) => type === 'message.delta')) throw new Error('no room')
      return log.append(events, options)
    },
  })
  session.submit({promptId: 'a', text: 'cat'})
  agent.print('out')
  await agent.finish()
  expect(faults).toEqual([expect.objectContaining({message: 'no room'})])
})
