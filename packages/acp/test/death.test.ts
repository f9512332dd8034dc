import {isAcpError, endSurvivors} from '@holdfast/acp'
import {isRecoveryError} from '@holdfast/supervisor'
import {afterEach, describe, expect, test} from 'vitest'

import {closeAll, converse, converseRudely} from './fixtures/converse.ts'

afterEach(closeAll)

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('an agent that is killed', () => {
  test('between two prompts comes back with its session', async () => {
    const {conversation, kill, seen, said} = converse()
    await conversation.prompt('first')
    kill()
    const {by, missing} = await seen('session.restored')
    expect({by, missing}).toEqual({by: 'load', missing: 0})
    await conversation.prompt('recall', {promptId: 'p2'})
    // Nothing of the replay is in the answer, also not what came late.
    expect(said('p2')).toBe('first')
    expect(said()).toBe('echo: firstfirst')
  })

  test('and can resume, resumes: an answer of null is success', async () => {
    const {conversation, kill, seen, said} = converse({resume: true})
    await conversation.prompt('first')
    kill()
    expect((await seen('session.restored')).by).toBe('resume')
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(said('p2')).toBe('first')
  })

  test('in its answer leaves the partial text, and the prompt is not sent again', async () => {
    const {conversation, kill, seen, said, of} = converse()
    const end = conversation.prompt('hang')
    await seen('message')
    kill()
    expect(await end).toEqual({kind: 'interrupted', reason: 'its process was killed by SIGKILL'})
    expect(said()).toBe('thinking')
    await seen('session.restored')
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(said('p2')).toBe('hang')
    expect(of('prompt.sent')).toHaveLength(2)
  })

  test('in a tool leaves a tool whose outcome is unknown', async () => {
    const {conversation, kill, seen, of, events} = converse()
    const end = conversation.prompt('tool', {promptId: 'p1'})
    await seen('tool')
    kill()
    await end
    expect(of('tool.unknown')).toEqual([{type: 'tool.unknown', promptId: 'p1', toolCallIds: ['t1']}])
    const types = events.map(({type}) => type)
    expect(types.indexOf('agent.exit')).toBeLessThan(types.indexOf('tool.unknown'))
    expect(types.indexOf('tool.unknown')).toBeLessThan(types.indexOf('prompt.end'))
  })

  test('while a question is open withdraws it', async () => {
    const {conversation, kill, seen, of} = converse()
    const end = conversation.prompt('ask')
    const {question} = await seen('question')
    kill()
    expect((await end).kind).toBe('interrupted')
    expect(of('question.end')).toMatchObject([{end: {kind: 'withdrawn', reason: 'the agent is gone'}}])
    // The agent has named the tool nowhere else.
    expect(of('tool.unknown')).toEqual([])
    expect(of('tool.not-run')).toMatchObject([{toolCallIds: ['t1']}])
    expect(conversation.answer(question.id, 'yes')).toBe(false)
  })

  test('before the prompt was sent gets it when it is back', async () => {
    const {conversation, kill, said} = converse()
    await conversation.prompt('first')
    kill()
    // The exit is not known here yet, or it is: the prompt is sent at most once.
    const end = await conversation.prompt('second', {promptId: 'p2'})
    if (end.kind === 'complete') expect(said('p2')).toBe('echo: second')
    else expect(end.kind).toBe('interrupted')
  })

  test('before it says what it can do is started three times more, and then no more', async () => {
    const {conversation, of} = converse({start: 'die'})
    const error: unknown = await conversation.prompt('hello').catch((reason: unknown) => reason)
    expect(isRecoveryError(error) && error.code).toBe('gave-up')
    expect(of('agent.start')).toHaveLength(4)
    expect(of('agent.recovering').at(-1)?.error).toContain('SIGKILL')
    expect(of('prompt.sent')).toEqual([])
  })

  test('during a load is started three times more, and then no more; the session is kept', async () => {
    const first = converse()
    await first.conversation.prompt('first')
    const session = first.conversation.state.session!
    const {conversation, of} = converse({restore: 'die'}, {folder: first.folder, session})
    const error: unknown = await conversation.open().catch((reason: unknown) => reason)
    expect(isRecoveryError(error) && error.code).toBe('gave-up')
    expect(of('agent.start')).toHaveLength(4)
    expect(conversation.state.session).toEqual(session)
  })

  test.runIf(process.platform === 'linux')('takes its process group with it; survivors are listed', async () => {
    const {conversation, kill, seen, said} = converse()
    const end = conversation.prompt('children')
    await seen('message')
    const [inGroup = 0, survivor = 0] = said().split(' ').map(Number)
    kill()
    await end
    await expect.poll(() => isAlive(inGroup)).toBe(false)
    const {survivors} = await seen('agent.exit')
    expect(survivors).toMatchObject([{pid: survivor, program: 'sleep'}])
    expect(isAlive(survivor)).toBe(true)
    endSurvivors(survivors)
    await expect.poll(() => isAlive(survivor)).toBe(false)
  })
})

describe('an agent', () => {
  test('that does not answer a cancelled prompt is restarted', async () => {
    const {conversation, seen} = converse({}, {timing: {cancelTimeoutMs: 50}})
    const end = conversation.prompt('hang')
    await seen('message')
    conversation.cancel()
    expect(await end).toEqual({kind: 'cancelled', sent: true})
    await seen('session.restored')
  })

  test('that is silent during a prompt is reported', async () => {
    const {conversation, seen} = converse({}, {timing: {silenceMs: 50}})
    void conversation.prompt('hang', {promptId: 'p1'})
    expect(await seen('prompt.silent')).toEqual({type: 'prompt.silent', promptId: 'p1', ms: 50})
  })

  test('that answers `cancelled` by itself was interrupted', async () => {
    const {conversation} = converse()
    expect((await conversation.prompt('give-up')).kind).toBe('interrupted')
  })

  test('that closes its stdout, but lives, is ended', async () => {
    const {conversation, seen} = converseRudely('no end')
    expect(await conversation.prompt('go')).toEqual({kind: 'interrupted', reason: 'it ended the stream'})
    await seen('agent.exit')
  })

  test('that is not installed is not tried again', async () => {
    const {conversation, of} = converse({}, {agent: {name: 'none', command: '/no/such/agent'}})
    await expect(conversation.open()).rejects.toThrow('Cannot be started')
    expect(of('agent.start')).toHaveLength(1)
    expect(of('agent.gave-up')[0]?.error).toContain('/no/such/agent')
  })

  test('that speaks another version is refused', async () => {
    const {conversation} = converse({version: 7})
    const error: unknown = await conversation.open().catch((reason: unknown) => reason)
    expect(isAcpError(error) && error.code).toBe('wrong-version')
  })

  test('that hibernates comes back with the next prompt', async () => {
    const {conversation, said, of} = converse()
    await conversation.prompt('first')
    expect(await conversation.hibernate()).toBe(true)
    expect(conversation.state.status).toBe('idle')
    expect(of('agent.exit')).toMatchObject([{requested: true}])
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(said('p2')).toBe('first')
  })
})
