import {createMemoryLog} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createReplication} from '../../src/fleet/replication.ts'
import {createSession} from '../../src/session/create-session.ts'
import {createHandDrivenAgent} from '../fixtures/hand-driven-agent.ts'

/** A session whose cluster has event 1. */
function open() {
  const log = createMemoryLog({sessionId: createSessionId()})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  const agent = createHandDrivenAgent()
  const replication = createReplication(1)
  const session = createSession({log, agent, replication, onAppend() {}, onFault() {}})
  const replicate = async () => {
    replication.advance(log.latestSeq)
    await new Promise(setImmediate)
  }
  const story = () =>
    log.read({afterSeq: 1}).map(({type, payload}) => ('status' in payload ? `${type} ${payload.status}` : type))
  return {log, agent, session, replication, replicate, story}
}

test('a prompt begins to run when the cluster has its start, and the next one, too', async () => {
  const {agent, session, replicate} = open()
  expect(session.submit({promptId: 'a', text: 'first'})).toBe('running')
  expect(session.submit({promptId: 'b', text: 'second'})).toBe('queued')
  await new Promise(setImmediate)
  expect(agent.asked).toEqual([])
  await replicate()
  expect(agent.asked).toEqual(['first'])
  await agent.finish()
  expect(agent.asked).toEqual(['first'])
  await replicate()
  expect(agent.asked).toEqual(['first', 'second'])
})

test('a prompt that waits for the cluster gets no input, and is interrupted without having run', async () => {
  const {agent, session, replicate, story, log} = open()
  session.submit({promptId: 'a', text: 'rm -r build'})
  expect(() => session.input(new Uint8Array(1))).toThrow('waits until the cluster of the fleet has it')
  expect(session.interrupt('b')).toBe(false)
  expect(session.interrupt('a', 'phone')).toBe(true)
  await new Promise(setImmediate)
  expect(story()).toEqual(['prompt.queued', 'message.start', 'message.complete interrupted'])
  expect(log.readPrompt('a').at(-1)).toMatchObject({payload: {reason: 'user', by: 'phone'}})
  await replicate()
  expect(agent.asked).toEqual([])
  expect(session.submit({promptId: 'b', text: 'make'})).toBe('running')
})

test('an interrupt between the answer of the cluster and the first step of the prompt counts', async () => {
  const {agent, session, replication, log} = open()
  session.submit({promptId: 'a', text: 'rm -r build'})
  replication.advance(log.latestSeq)
  expect(session.interrupt('a')).toBe(true)
  await new Promise(setImmediate)
  expect(agent.asked).toEqual([])
  expect(session.state.running).toBeNull()
})

test('a session whose prompt waits for the cluster can be closed and suspended', async () => {
  const closed = open()
  closed.session.submit({promptId: 'a', text: 'make'})
  await expect(closed.session.close('user')).resolves.toBe(true)
  expect(closed.story()).toEqual(['prompt.queued', 'message.start', 'message.complete interrupted', 'session.closed'])

  const fenced = open()
  fenced.session.submit({promptId: 'a', text: 'make'})
  fenced.replication.end(new Error('moved'))
  await new Promise(setImmediate)
  expect(fenced.agent.asked).toEqual([])
  await fenced.session.suspend('host-ended')
  expect(fenced.session.state.running).toBeNull()
})

test('the agent gets an answer to its question when the cluster has that', async () => {
  const {agent, session, replicate} = open()
  session.submit({promptId: 'a', text: 'write'})
  await replicate()
  const choices = [{id: 'yes', label: 'Write it'}]
  agent.ask({approvalId: 'q', title: 'May I write?', choices})
  await replicate()
  session.answer('q', 'yes')
  expect(agent.answers).toEqual([])
  await replicate()
  expect(agent.answers).toEqual([{approvalId: 'q', choice: 'yes'}])
})

test('programs that print wait while the cluster is away', () => {
  const {agent, session} = open()
  session.awaitCluster(true)
  session.awaitCluster(true)
  expect(agent.isPaused).toBe(true)
  session.awaitCluster(false)
  expect(agent.isPaused).toBe(false)
})
