import {isAcpError} from '@holdfast/acp'
import {afterEach, describe, expect, test} from 'vitest'

import {closeAll, converse} from './fixtures/converse.ts'

afterEach(closeAll)

const codeOf = (error: unknown) => isAcpError(error) && error.code

describe('a fresh start', () => {
  test('is refused while a prompt runs, and changes nothing', async () => {
    const {conversation, seen} = converse()
    const end = conversation.prompt('wait')
    await seen('message')
    const {session} = conversation.state
    expect(codeOf(await conversation.startAfresh().catch((error: unknown) => error))).toBe('busy')
    expect(conversation.state.session).toEqual(session)
    conversation.cancel()
    expect(await end).toEqual({kind: 'cancelled', sent: true})
  })

  test('is not delayed by a restart that waits, and starts one agent', async () => {
    const {conversation, kill, seen, said, of} = converse({restore: 'die'})
    await conversation.prompt('first')
    const {session} = conversation.state
    kill()
    // The second attempt to load is delayed.
    await seen('agent.recovering', ({attempt}) => attempt === 3)
    await conversation.startAfresh()
    expect(conversation.state.session?.sessionId).not.toBe(session?.sessionId)
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(said('p2')).toBe('')
    expect(of('session.new')).toHaveLength(2)
    expect(of('session.restored')).toEqual([])
  })
})

describe('hibernation', () => {
  test('does not happen while a prompt runs', async () => {
    const {conversation, seen} = converse()
    const end = conversation.prompt('wait')
    await seen('message')
    expect(await conversation.hibernate()).toBe(false)
    conversation.cancel()
    expect(await end).toEqual({kind: 'cancelled', sent: true})
  })

  test('ends before the prompt that was submitted meanwhile starts an agent', async () => {
    const {conversation, said, events} = converse()
    await conversation.prompt('first')
    const hibernated = conversation.hibernate()
    await conversation.prompt('recall', {promptId: 'p2'})
    expect(await hibernated).toBe(true)
    expect(said('p2')).toBe('first')
    const types = events.map(({type}) => type)
    expect(types.lastIndexOf('agent.exit')).toBeLessThan(types.lastIndexOf('agent.start'))
  })

  test('ends an agent that is starting; the session is opened by the next one', async () => {
    const {conversation, seen, of, said} = converse()
    const opening = conversation.open().catch((error: unknown) => error)
    await seen('agent.start')
    expect(await conversation.hibernate()).toBe(true)
    expect(await opening).toMatchObject({code: 'closed'})
    expect(conversation.state.status).toBe('idle')
    await conversation.prompt('hello')
    expect(said()).toBe('echo: hello')
    expect(of('session.new')).toHaveLength(1)
  })

  test('twice at the same time is one', async () => {
    const {conversation, of} = converse()
    await conversation.prompt('first')
    expect(await Promise.all([conversation.hibernate(), conversation.hibernate()])).toEqual([true, true])
    expect(of('agent.exit')).toHaveLength(1)
  })
})
