import {errorCodes} from '@holdfast/protocol'
import {describe, expect, test} from 'vitest'

import {openCodingSession} from './fixtures/coding-session.ts'
import {isAlive} from './fixtures/is-alive.ts'

describe('a session with a coding agent', () => {
  test('has what the agent says in its log, in order, and ends the prompt', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'hello')
    expect(await session.ended('p1')).toMatchObject({status: 'complete'})
    expect(session.said('p1')).toBe('echo: hello')
    const state = await session.state()
    expect(state.info).toMatchObject({agent: 'scripted'})
    expect(state.info).not.toHaveProperty('shell')
    expect(state.agent).toMatchObject({
      is_ready: true,
      session: {prompts: 1},
      settings: {mode: {current: 'ask'}, model: {current: 'small'}},
    })
  })

  test('keeps all that the agent says, also between sequences that switch the screen of a terminal', async () => {
    const session = await openCodingSession()
    await session.submit('p1', '\u001b[?1049h hidden?')
    await session.ended('p1')
    expect(session.said('p1')).toBe('echo: \u001b[?1049h hidden?')
  })

  test('has no terminal to which a client can attach', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'wait')
    await session.seen('message.delta')
    await expect(session.request('attach.start', {attach_id: 'a', cols: 80, rows: 24})).rejects.toMatchObject({
      code: errorCodes.notAllowed,
    })
    await session.request('session.interrupt', {})
    await session.ended('p1')
  })

  test('commits that a prompt is sent before the agent gets it', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'hello')
    await session.ended('p1')
    const types = session.events.map(({type}) => type)
    expect(types.lastIndexOf('agent.session')).toBeLessThan(types.indexOf('message.delta'))
    expect(session.of('agent.session').at(-1)).toMatchObject({prompts: 1})
  })

  test('whose command does not exist says so', async () => {
    const session = await openCodingSession({setup: {command: '/nowhere/agent'}})
    expect(await session.seen('agent.unavailable')).toMatchObject({
      reason: 'gave-up',
      error: expect.stringContaining('/nowhere/agent') as string,
    })
    await session.submit('p1', 'hello')
    expect(await session.ended('p1')).toMatchObject({status: 'failed'})
  })

  test('changes its mode and its model', async () => {
    const session = await openCodingSession()
    await session.seen('agent.ready')
    await session.request('agent.set', {setting: {mode: 'code'}})
    expect((await session.state()).agent?.settings?.mode?.current).toBe('code')
    await expect(session.request('agent.set', {setting: {mode: 'fly'}})).rejects.toMatchObject({
      code: errorCodes.notAllowed,
      message: expect.stringContaining('Expected one of ask, code, got `fly`') as string,
    })
  })
})

describe('an agent that is killed', () => {
  test('in its answer leaves the partial text, and comes back with its session', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'hang')
    await session.seen('message.delta')
    session.killAgent()
    expect(await session.ended('p1')).toMatchObject({status: 'interrupted', reason: 'agent-died'})
    expect(session.said('p1')).toBe('thinking')
    await session.submit('p2', 'recall')
    await session.ended('p2')
    expect(session.said('p2')).toBe('hang')
    expect(session.of('agent.ready')).toMatchObject([{by: 'new'}, {by: 'load'}])
    expect(session.of('agent.exited')).toMatchObject([{reason: 'its process was killed by SIGKILL'}])
  })

  test('in a tool leaves a tool whose outcome is unknown', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'tool')
    await session.seen('tool.call')
    session.killAgent()
    await session.ended('p1')
    expect(session.of('tool.update')).toEqual([{prompt_id: 'p1', tool_call_id: 't1', status: 'unknown'}])
  })

  test('while it asks takes its question back', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'ask')
    const {approval_id} = await session.seen('approval.request')
    session.killAgent()
    await session.ended('p1')
    expect(session.of('approval.withdrawn')).toEqual([{prompt_id: 'p1', approval_id, reason: 'the agent is gone'}])
    await expect(session.request('approval.answer', {approval_id, choice: 'yes'})).rejects.toMatchObject({
      code: errorCodes.approvalNotFound,
    })
  })

  test('and does not bring its session back says so, and begins no other one until the user wants that', async () => {
    const session = await openCodingSession({behaviour: {restore: 'error'}})
    await session.submit('p1', 'hello')
    await session.ended('p1')
    session.killAgent()
    expect(await session.seen('agent.unavailable')).toMatchObject({
      reason: 'not-restored',
      error: expect.stringContaining('no such session') as string,
    })
    const {id} = session.of('agent.session').at(-1)!
    await session.submit('p2', 'hello')
    expect(await session.ended('p2')).toMatchObject({status: 'failed'})
    expect((await session.state()).agent?.session?.id).toBe(id)

    await session.request('agent.restart', {fresh: true})
    await session.seen('agent.session', (own) => own.id !== id)
    await session.submit('p3', 'recall')
    expect(await session.ended('p3')).toMatchObject({status: 'complete'})
    expect(session.said('p3')).toBe('')
  })
})

describe('an agent', () => {
  test('whose login expires fails the prompt, keeps its session, and goes on after the login', async () => {
    const session = await openCodingSession({behaviour: {expires: true}, by: 'phone'})
    await session.submit('p1', 'hello')
    expect(await session.ended('p1')).toMatchObject({status: 'failed', reason: 'login-required'})
    await session.request('agent.login', {method_id: 'key'})
    expect(await session.seen('note', ({text}) => text === 'Logged in')).toMatchObject({by: 'phone'})
    await session.submit('p2', 'hello again')
    expect(await session.ended('p2')).toMatchObject({status: 'complete'})
    expect(session.said('p2')).toBe('echo: hello again')
    expect(session.of('agent.ready')).toHaveLength(1)
  })

  test('that a client sets and starts afresh says who did it, and then says it no more', async () => {
    const session = await openCodingSession({by: 'phone'})
    await session.seen('agent.ready')
    await session.request('agent.set', {setting: {mode: 'code'}})
    expect(await session.seen('agent.settings', ({mode}) => mode?.current === 'code')).toMatchObject({by: 'phone'})
    expect(session.of('agent.settings')[0]).not.toHaveProperty('by')
    expect((await session.state()).agent?.settings).not.toHaveProperty('by')
    await session.request('agent.restart', {fresh: true})
    expect(await session.seen('agent.exited')).toMatchObject({requested: true, by: 'phone'})
    await session.seen('agent.ready', () => session.of('agent.ready').length === 2)
    session.killAgent()
    expect(await session.seen('agent.exited', ({requested}) => requested === undefined)).not.toHaveProperty('by')
  })

  test('that comes back as another version, and has forgotten a prompt, says both', async () => {
    const session = await openCodingSession({behaviour: {releases: ['1.0.0', '2.0.0'], replayed: 1}})
    for (const id of ['p1', 'p2']) {
      await session.submit(id, 'hello')
      await session.ended(id)
    }
    session.killAgent()
    expect(await session.seen('agent.ready', ({by}) => by === 'load')).toMatchObject({version: '2.0.0', missing: 1})
    expect(session.of('agent.ready')[0]).toMatchObject({version: '1.0.0', by: 'new'})
  })

  test('that dies at every start fails the prompt; the next prompt tries again', async () => {
    const session = await openCodingSession({behaviour: {start: 'die'}})
    expect(await session.seen('agent.unavailable')).toMatchObject({reason: 'gave-up'})
    await session.submit('p1', 'hello')
    expect(await session.ended('p1')).toMatchObject({status: 'failed'})
    expect(session.of('agent.unavailable')).toHaveLength(2)
    expect(session.of('agent.session')).toEqual([])
  })
})

describe('a host that is killed', () => {
  test('in an answer leaves what was said; the next one ends the orphan, and has the same session', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'hang')
    await session.seen('message.delta')
    const {pid} = await session.seen('agent.ready')
    await session.killHost()
    expect(await session.ended('p1')).toMatchObject({status: 'interrupted', reason: 'host-died'})
    expect(session.said('p1')).toBe('thinking')
    expect(await session.seen('agent.exited')).toMatchObject({reason: 'its host died'})
    await expect.poll(() => isAlive(pid!)).toBe(false)
    await session.submit('p2', 'recall')
    await session.ended('p2')
    expect(session.said('p2')).toBe('hang')
  })

  test('in a tool leaves a tool whose outcome is unknown', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'tool')
    await session.seen('tool.call')
    await session.killHost()
    await session.ended('p1')
    expect(session.of('tool.update')).toEqual([{prompt_id: 'p1', tool_call_id: 't1', status: 'unknown'}])
    const types = session.events.map(({type}) => type)
    expect(types.indexOf('tool.update')).toBeLessThan(types.indexOf('message.complete'))
  })

  test('while the agent asks leaves no question that nobody waits for', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'ask')
    await session.seen('approval.request')
    await session.killHost()
    await session.ended('p1')
    expect(session.of('approval.withdrawn')).toMatchObject([{prompt_id: 'p1', reason: 'its host died'}])
    // The agent has named the tool nowhere else.
    expect(session.of('tool.update').at(-1)).toEqual({prompt_id: 'p1', tool_call_id: 't1', status: 'not_run'})
    expect((await session.state()).approvals).toEqual([])
  })
})

describe('a question', () => {
  test('is answered by the user', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'ask')
    const {approval_id, title, choices} = await session.seen('approval.request')
    expect(title).toBe('Delete it')
    expect(choices).toEqual([
      {id: 'yes', label: 'Allow', kind: 'allow_once'},
      {id: 'no', label: 'Reject', kind: 'reject_once'},
    ])
    await session.request('approval.answer', {approval_id, choice: 'no'})
    await session.ended('p1')
    expect(session.said('p1')).toBe('no')
    expect(session.of('approval.resolved')).toEqual([{prompt_id: 'p1', approval_id, choice: 'no', by: 'user'}])
  })

  test('is answered by the policy of the settings, which that of the session replaces', async () => {
    const session = await openCodingSession({setup: {policy: {other: 'allow'}}})
    await session.submit('p1', 'ask')
    await session.ended('p1')
    expect(session.said('p1')).toBe('yes')
    expect(session.of('approval.request')).toEqual([])
    expect(session.of('approval.resolved')).toMatchObject([{choice: 'yes', by: 'policy'}])
    await session.request('agent.policy', {policy: {other: 'reject'}})
    await session.submit('p2', 'ask')
    await session.ended('p2')
    expect(session.said('p2')).toBe('no')
  })

  test('ends when the prompt is interrupted', async () => {
    const session = await openCodingSession()
    await session.submit('p1', 'ask')
    await session.seen('approval.request')
    await session.request('session.interrupt', {})
    expect(session.of('approval.withdrawn')).toMatchObject([{reason: 'the prompt was interrupted'}])
    expect((await session.state()).approvals).toEqual([])
  })
})

test('an agent that is idle, with nobody watching, is ended, and comes back with the next prompt', async () => {
  const session = await openCodingSession({setup: {hibernateAfterMs: 50}})
  await session.submit('p1', 'hello')
  await session.ended('p1')
  const {pid} = await session.seen('agent.ready')
  await session.request('session.leave', {})
  await expect.poll(() => isAlive(pid!)).toBe(false)
  await expect.poll(async () => (await session.state()).agent).toMatchObject({is_ready: false})
  expect(await session.seen('agent.exited')).toMatchObject({requested: true})
  await session.submit('p2', 'recall')
  await session.ended('p2')
  expect(session.said('p2')).toBe('hello')
})
