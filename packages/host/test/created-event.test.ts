import {homedir} from 'node:os'

import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createdEvent} from '../src/session/created-event.ts'

const title = (params: {cwd?: string; title?: string}) => createdEvent(params, 7).payload

test('a session is called after its folder, if nobody says otherwise', () => {
  expect(title({cwd: '/srv/web'})).toMatchObject({title: 'web', cwd: '/srv/web', created_at: 7})
  expect(title({cwd: '/'})).toMatchObject({title: '/'})
})

test('a session that is nowhere else starts at home', () => {
  expect(title({})).toMatchObject({cwd: homedir()})
})

test('a title is one line that obeys nobody, cut between characters', () => {
  expect(title({cwd: '/', title: ' echo a\necho\tb\u001b[2J '})).toMatchObject({title: 'echo a echo b [2J'})
  expect(title({cwd: '/', title: '\u{1f980}'.repeat(90)})).toMatchObject({title: '\u{1f980}'.repeat(80)})
})

test('the shell is named by its path, and a missing one is told before anything is made', () => {
  expect(title({cwd: '/'})).toMatchObject({shell: expect.stringMatching(/\/bash$/) as string})
  expect(() => createdEvent({cwd: '/', shell: '/nowhere/bash'}, 7)).toThrow(
    expect.objectContaining({code: errorCodes.agentUnavailable}),
  )
})
