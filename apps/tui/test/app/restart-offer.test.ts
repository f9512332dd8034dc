import type {ClientSession} from '@holdfast/client'
import {expect, test} from 'vitest'

import {openInstead, namesNoSession} from '../../src/app/restart-offer.ts'

const plain = {latest: false, sessionId: undefined, gateway: {}, made: {}}

test.each([
  [{}, true],
  [{made: {title: undefined, tags: undefined}}, true],
  [{latest: true}, false],
  [{sessionId: 'aaaaaaaaaa'}, false],
  [{gateway: {connect: 'there:7'}}, false],
  [{made: {title: 'notes'}}, false],
  [{made: {tags: ['x']}}, false],
  [{made: {agent: 'claude'}}, false],
  [{made: {cwd: '/usr'}}, false],
  [{made: {shell: 'zsh'}}, false],
])('sessions are offered only to who has said nothing about a session: %j', (given, isOffered) => {
  expect(namesNoSession({...plain, ...given})).toBe(isOffered)
})

type State = Pick<ClientSession['state'], 'first_prompt' | 'draft'>

/** Opens another session in place of one that has `before` when that begins, and `then` when the other one is open. */
async function replace(before: State, then: State) {
  const done: string[] = []
  const screen = {id: 'made', state: before as ClientSession['state']}
  await openInstead('other', {
    client: {
      openSession: async (id) => {
        done.push(`look at ${id}`)
        return {state: then, leave: async () => void done.push(`leave ${id}`)} as ClientSession
      },
      request: async (method, params) => {
        done.push(`${method} ${(params as {session_id: string}).session_id}`)
        return {} as never
      },
    },
    session: () => ({...screen}) as ClientSession,
    openSession: async (id) => void (screen.id = id),
  })
  return done
}

test('the session in whose place another one was opened is deleted only if it is still unused', async () => {
  const unused = {draft: ''}
  const look = ['look at made']
  expect(await replace(unused, unused)).toEqual([...look, 'session.close made', 'leave made', 'session.delete made'])
  expect(await replace(unused, {draft: 'ls'})).toEqual([...look, 'leave made'])
  expect(await replace(unused, {draft: '', first_prompt: 'ls'})).toEqual([...look, 'leave made'])
  expect(await replace({draft: '', first_prompt: 'ls'}, unused)).toEqual([])
})
