import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {isAcpError} from '@holdfast/acp'
import {afterEach, describe, expect, test} from 'vitest'

import {closeAll, converse, newFolder} from './fixtures/converse.ts'

afterEach(closeAll)

describe('a conversation', () => {
  test('starts the agent with the first prompt, and reports what it says before the end of the prompt', async () => {
    const {conversation, events, said} = converse()
    expect(conversation.state.status).toBe('idle')
    expect(await conversation.prompt('hello', {promptId: 'p1'})).toEqual({kind: 'complete', stopReason: 'end_turn'})
    expect(said('p1')).toBe('echo: hello')
    expect(events.map(({type}) => type)).toEqual([
      'agent.start',
      'agent.ready',
      'session.new',
      'prompt.sent',
      'message',
      'prompt.end',
    ])
    expect(conversation.state).toMatchObject({status: 'ready', session: {prompts: 1}, promptId: undefined})
  })

  test('delivers 5000 chunks in order, before the prompt ends', async () => {
    const {conversation, said} = converse()
    await conversation.prompt('count 5000')
    expect(said().trim().split(' ').map(Number)).toEqual(Array.from({length: 5000}, (_, index) => index))
  })

  test('cancels a prompt', async () => {
    const {conversation, seen} = converse()
    const end = conversation.prompt('wait')
    await seen('message')
    expect(conversation.cancel()).toBe(true)
    expect(await end).toEqual({kind: 'cancelled', sent: true})
    expect(conversation.cancel()).toBe(false)
  })

  test('cancels a prompt that waits for the agent: nothing of it is sent', async () => {
    const {conversation, of} = converse()
    const end = conversation.prompt('hello')
    conversation.cancel()
    expect(await end).toEqual({kind: 'cancelled', sent: false})
    expect(of('prompt.sent')).toEqual([])
  })

  test('refuses a second prompt while one runs', async () => {
    const {conversation, seen} = converse()
    const end = conversation.prompt('wait')
    await seen('message')
    const error: unknown = await conversation.prompt('hello').catch((reason: unknown) => reason)
    expect(isAcpError(error) && error.code).toBe('busy')
    conversation.cancel()
    await end
  })

  test('sets the mode, the model and options, and lists sessions', async () => {
    const {conversation} = converse()
    await conversation.setMode('code')
    expect(conversation.state.settings.modes?.currentModeId).toBe('code')
    await conversation.setModel('large')
    expect(conversation.state.settings.options).toEqual([])
    expect((await conversation.list()).sessions).toEqual([{sessionId: 'one', cwd: '/somewhere', title: 'One'}])
  })

  test('says why a prompt failed, also if the agent says so only in the data of its error', async () => {
    const {conversation} = converse()
    const {kind, ...how} = await conversation.prompt('fail')
    expect(kind).toBe('failed')
    expect(how).toMatchObject({message: 'Internal error: the model is away'})
  })

  test('sends files that the prompt mentions', async () => {
    const {conversation, folder, said} = converse()
    writeFileSync(join(folder, 'notes.md'), 'a note')
    await conversation.prompt('see @notes.md, and @nobody')
    expect(said()).toBe('echo: see [resource], and @nobody')
    const parts = [
      {type: 'text', text: 'It printed @notes.md. '},
      {type: 'typed', text: 'Read @notes.md'},
    ] as const
    await conversation.prompt(parts)
    expect(said()).toMatch(/echo: It printed @notes\.md\. Read \[resource\]$/)
  })

  test('reads and writes files in the folder of the session, and in no other', async () => {
    const {conversation, folder, said, of} = converse()
    const file = join(folder, 'new', 'file.txt')
    await conversation.prompt(`write ${file} some words`)
    expect(readFileSync(file, 'utf8')).toBe('some words')
    expect(of('file.written')).toEqual([{type: 'file.written', path: file}])
    await conversation.prompt(`read ${file}`, {promptId: 'read'})
    expect(said('read')).toBe('some words')
    const outside = join(newFolder(), 'file.txt')
    await conversation.prompt(`write ${outside} some words`)
    expect(existsSync(outside)).toBe(false)
    expect(of('diagnostic')).toMatchObject([{about: 'request'}])
  })

  test('runs terminals with the handlers that it was given', async () => {
    const {conversation, said} = converse(
      {},
      {
        terminals: {
          create: ({command}) => Promise.resolve(`terminal of ${command}`),
          output: (id) => Promise.resolve({output: `output of the ${id} `, truncated: false}),
          waitForExit: () => Promise.resolve({exitCode: 3}),
          kill: () => Promise.resolve(),
          release: () => Promise.resolve(),
          agentGone() {},
        },
      },
    )
    await conversation.prompt('run make')
    expect(said()).toBe('output of the terminal of make 3')
  })
})

describe('a question', () => {
  test('is answered once: the first answer counts', async () => {
    const {conversation, seen, said, of} = converse()
    const end = conversation.prompt('ask')
    const {question} = await seen('question')
    expect(conversation.state.questions).toEqual([question])
    expect(() => conversation.answer(question.id, 'perhaps')).toThrow(RangeError)
    expect(conversation.answer(question.id, 'yes')).toBe(true)
    expect(conversation.answer(question.id, 'no')).toBe(false)
    await end
    expect(said()).toBe('yes')
    expect(of('question.end').map((event) => event.end)).toEqual([{kind: 'answered', optionId: 'yes', by: 'user'}])
  })

  test('is answered by the policy, if that knows an answer', async () => {
    const {conversation, said, of} = converse({}, {decide: ({options}) => options.at(-1)?.optionId})
    await conversation.prompt('ask')
    expect(said()).toBe('no')
    expect(of('tool.unknown')).toEqual([])
    expect(of('tool.not-run')).toMatchObject([{toolCallIds: ['t1']}])
  })

  test('which the policy fails to judge is an error for the agent: nothing is granted, and nothing stays open', async () => {
    const {conversation, of} = converse(
      {},
      {
        decide() {
          throw new Error('no such policy')
        },
      },
    )
    expect((await conversation.prompt('ask')).kind).toBe('failed')
    expect(of('question')).toEqual([])
    expect(conversation.state.questions).toEqual([])
    expect(of('diagnostic')).toMatchObject([{about: 'handler', message: expect.stringContaining('no such policy')}])
    expect((await conversation.prompt('hello')).kind).toBe('complete')
  })

  test('that was rejected may end the prompt', async () => {
    const {conversation} = converse({}, {decide: ({options}) => options.at(-1)?.optionId})
    const reason = 'the agent stopped, as its question was rejected'
    expect(await conversation.prompt('ask strictly')).toEqual({kind: 'interrupted', reason})
  })

  test('is cancelled with its prompt', async () => {
    const {conversation, seen, of} = converse()
    const end = conversation.prompt('ask')
    await seen('question')
    conversation.cancel()
    await end
    expect(of('question.end').map((event) => event.end)).toEqual([{kind: 'cancelled'}])
  })
})

describe('a login', () => {
  test('is asked for with the methods of the agent, and none is guessed', async () => {
    const {conversation} = converse({auth: 'lost'})
    const error: unknown = await conversation.prompt('hello').catch((reason: unknown) => reason)
    expect(isAcpError(error) && error.code).toBe('auth-required')
    expect(String(error)).toContain('(Authentication required): log in with one of its methods: key (API key)')
    expect(conversation.state).toMatchObject({status: 'gave-up', agent: {authMethods: [{id: 'key'}]}})
  })

  test('that expires fails the prompt, and the session goes on after the next login', async () => {
    const {conversation, said, of} = converse({expires: true})
    const end = await conversation.prompt('hello')
    expect(end).toMatchObject({kind: 'failed', code: -32_000, authRequired: true})
    expect(conversation.state.status).toBe('ready')
    await conversation.authenticate('key')
    await conversation.prompt('hello again', {promptId: 'p2'})
    expect(said('p2')).toBe('echo: hello again')
    expect(of('agent.start')).toHaveLength(1)
    expect(of('session.new')).toHaveLength(1)
  })

  test('is repeated with the same method when the agent has lost it with its process', async () => {
    const {conversation, kill, seen, said} = converse({auth: 'lost'})
    await conversation.open().catch(() => {})
    await conversation.authenticate('key')
    await conversation.prompt('hello')
    kill()
    await seen('session.restored')
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(said('p2')).toBe('hello')
  })
})
