import {createPromptId, errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

test('renaming logs the new title, and keeps all other session info', () => {
  const {log, session} = openSession()
  expect(session.rename('  the\nbuild ')).toBe('the ⏎ build')
  expect(log.read().at(-1)).toMatchObject({
    type: 'session.info',
    payload: {title: 'the ⏎ build', agent: 'shell', cwd: '/tmp', created_at: 1},
  })
})

test('an empty title is rejected, and any title of a closed session', async () => {
  const {session} = openSession()
  expect(() => session.rename(' \u0007')).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
  await session.close('user')
  expect(() => session.rename('late')).toThrow(expect.objectContaining({code: errorCodes.sessionClosed}))
})

test('a mark is one line in the log, behind the output so far', async () => {
  const {log, agent, session} = openSession()
  session.submit({promptId: createPromptId(), text: 'make'})
  agent.print('half')
  const marked = session.mark('  half\nway ')
  expect(marked).toEqual({name: 'half ⏎ way', seq: log.latestSeq})
  expect(log.read().slice(-2)).toMatchObject([
    {type: 'message.delta', payload: {text: 'half'}},
    {type: 'session.marked', payload: {name: 'half ⏎ way'}},
  ])
  expect(session.mark('x'.repeat(300)).name).toHaveLength(200)
  expect(() => session.mark(' \u0007')).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
  await session.close('user')
  expect(() => session.mark('late')).toThrow(expect.objectContaining({code: errorCodes.sessionClosed}))
})

test('tags are added and removed in one event, once each, and keep all other session info', () => {
  const {log, session} = openSession()
  expect(session.tag({add: ['web', 'prod', 'web']})).toEqual(['web', 'prod'])
  expect(session.tag({add: ['web', 'api'], remove: ['prod', 'unknown']})).toEqual(['web', 'api'])
  const {latestSeq} = log
  session.tag({add: ['web'], remove: ['unknown']})
  expect(log.latestSeq).toBe(latestSeq)
  expect(log.read().at(-1)).toMatchObject({
    type: 'session.info',
    payload: {tags: ['web', 'api'], agent: 'shell', cwd: '/tmp', created_at: 1},
  })
  session.rename('the build')
  expect(session.state.info).toMatchObject({title: 'the build', tags: ['web', 'api']})
})

test('a session has at most 16 tags; one too many changes nothing', () => {
  const {session} = openSession()
  const many = Array.from({length: 16}, (_, index) => `tag-${index}`)
  session.tag({add: many})
  expect(() => session.tag({add: ['late']})).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
  expect(session.state.info.tags).toEqual(many)
  expect(session.tag({add: ['late'], remove: ['tag-0']})).toEqual([...many.slice(1), 'late'])
})
