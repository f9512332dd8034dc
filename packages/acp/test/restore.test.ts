import {isAcpError, type SavedSession} from '@holdfast/acp'
import {afterEach, describe, expect, test} from 'vitest'

import type {Behaviour} from './fixtures/behaviour.ts'
import {closeAll, converse, newFolder} from './fixtures/converse.ts'

afterEach(closeAll)

/** A session of the scripted agent with two prompts, and its folder. */
async function makeSession(): Promise<{folder: string; session: SavedSession}> {
  const {conversation, folder} = converse()
  await conversation.prompt('first')
  await conversation.prompt('second')
  await conversation.hibernate()
  return {folder, session: conversation.state.session!}
}

const codeOf = (error: unknown) => isAcpError(error) && error.code

async function restore(behaviour: Behaviour, options: Parameters<typeof converse>[1] = {}) {
  const made = await makeSession()
  return {...made, ...converse(behaviour, {...made, ...options})}
}

describe('a session is restored', () => {
  test('by another process than the one that made it, in the folder in which it was made', async () => {
    const {conversation, session, said, seen} = await restore({}, {cwd: newFolder()})
    await conversation.prompt('recall')
    expect(said()).toBe('first | second')
    expect(await seen('session.restored')).toMatchObject({by: 'load', missing: 0, session: {cwd: session.cwd}})
  })

  test('by a load if a resume is refused', async () => {
    const {conversation, seen} = await restore({resume: true, restore: 'resume-error'})
    await conversation.open()
    expect((await seen('session.restored')).by).toBe('load')
  })

  test('by another version of the agent, which says so', async () => {
    const {conversation, seen, said, kill} = converse({releases: ['1.0.0', '2.0.0']})
    await conversation.prompt('first')
    expect(conversation.state.agent?.agentInfo?.version).toBe('1.0.0')
    kill()
    await seen('session.restored')
    expect(conversation.state.agent?.agentInfo?.version).toBe('2.0.0')
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(said('p2')).toBe('first')
  })

  test.each([true, undefined])(
    'with the settings from before where the answer names none (resume: %s)',
    async (resume) => {
      const {conversation, seen, kill} = converse({...(resume && {resume})})
      await conversation.prompt('first')
      await conversation.setMode('code')
      const {settings} = conversation.state
      expect(settings.modes?.currentModeId).toBe('code')
      kill()
      expect(await seen('session.restored')).toMatchObject({by: resume ? 'resume' : 'load', settings})
      expect(conversation.state.settings).toEqual(settings)
    },
  )

  test('and the prompts that a load does not replay are counted', async () => {
    const {conversation, seen} = await restore({replayed: 1})
    await conversation.open()
    expect(await seen('session.restored')).toMatchObject({missing: 1})
  })
})

describe('a session that is not restored', () => {
  test.each([-32_002, -32_603, -32_602])(
    'keeps its id when the agent answers %i, and no new one begins',
    async (errorCode) => {
      const {conversation, of, session} = await restore({restore: 'error', errorCode})
      expect(codeOf(await conversation.prompt('hello').catch((error: unknown) => error))).toBe('not-restored')
      expect(of('session.not-restored')).toMatchObject([{reason: 'refused', session}])
      expect(of('session.new')).toEqual([])
      expect(of('prompt.sent')).toEqual([])
      expect(conversation.state).toMatchObject({status: 'gave-up', session})
    },
  )

  test('within its bound keeps its id, and may be tried again', async () => {
    const {conversation, of, session} = await restore({restore: 'hang'}, {timing: {sessionTimeoutMs: 200}})
    expect(codeOf(await conversation.open().catch((error: unknown) => error))).toBe('not-restored')
    expect(of('session.not-restored')).toMatchObject([{reason: 'timed-out', session}])
    await conversation.retry().catch(() => {})
    expect(of('session.not-restored')).toHaveLength(2)
    expect(conversation.state.session).toEqual(session)
  })

  test('in time, but later, is the same one: the late answer changes nothing', async () => {
    const {conversation, of, said, session} = await restore({restore: 'late-once'}, {timing: {sessionTimeoutMs: 200}})
    expect(codeOf(await conversation.open().catch((error: unknown) => error))).toBe('not-restored')
    await conversation.retry()
    expect(of('session.restored')).toMatchObject([{by: 'load', missing: 0, session}])
    await conversation.prompt('recall')
    expect(said()).toBe('first | second')
  })

  test('because this side did not wait for it keeps its id', async () => {
    const {conversation, of, seen, session} = await restore({restore: 'hang'})
    const opening = conversation.open().catch((error: unknown) => error)
    await seen('agent.ready')
    await conversation.hibernate()
    await opening
    expect(of('session.not-restored')).toEqual([])
    expect(conversation.state.session).toEqual(session)
  })

  test('because the agent cannot is given up by the user only', async () => {
    const {conversation, of, session, said} = await restore({load: false})
    await conversation.open().catch(() => {})
    expect(of('session.not-restored')).toMatchObject([{reason: 'unsupported'}])
    await conversation.startAfresh()
    expect(conversation.state.session?.sessionId).not.toBe(session.sessionId)
    await conversation.prompt('recall')
    expect(said()).toBe('')
  })

  test('is replaced if nothing was ever said in it', async () => {
    const {conversation, of, session} = await restore(
      {restore: 'error'},
      {session: {sessionId: 'unknown', cwd: newFolder(), prompts: 0}},
    )
    await conversation.open()
    expect(of('session.new')).toHaveLength(1)
    expect(conversation.state.session?.sessionId).not.toBe(session.sessionId)
  })
})
