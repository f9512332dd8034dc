import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createdEvent} from '../src/session/created-event.ts'

const title = (params: {cwd: string; title?: string}) => createdEvent(params, 7).payload

test('a session with an agent has no shell, and an agent that is not in the settings is refused', () => {
  const read = (name: string) => {
    if (name !== 'gemini') throw new Error(`Expected gemini, got \`${name}\``)
  }
  const {payload} = createdEvent({cwd: '/', agent: 'gemini'}, 7, read)
  expect(payload).toEqual({title: '/', untitled: true, agent: 'gemini', cwd: '/', created_at: 7})
  expect(() => createdEvent({cwd: '/', agent: 'codex'}, 7, read)).toThrow(
    expect.objectContaining({code: errorCodes.agentUnavailable, message: 'Expected gemini, got `codex`'}),
  )
})

test('a session without a title is named after its folder', () => {
  expect(title({cwd: '/srv/web'})).toMatchObject({title: 'web', cwd: '/srv/web', created_at: 7})
  expect(title({cwd: '/'})).toMatchObject({title: '/'})
})

test('a session has the tags with which it was made, each once', () => {
  expect(createdEvent({cwd: '/', tags: ['web', 'prod', 'web']}, 7).payload).toMatchObject({tags: ['web', 'prod']})
  expect(createdEvent({cwd: '/', tags: []}, 7).payload).not.toHaveProperty('tags')
})

test('a title is one line without control characters, cut between characters', () => {
  expect(title({cwd: '/', title: ' echo a\necho\tb\u001b[2J '})).toMatchObject({title: 'echo a ⏎ echo b'})
  expect(title({cwd: '/', title: '\u{1f980}'.repeat(90)})).toMatchObject({title: '\u{1f980}'.repeat(80)})
})

test('the event has the path of the shell; a missing shell is an error', () => {
  expect(title({cwd: '/'})).toMatchObject({shell: expect.stringMatching(/\/bash$/) as string})
  expect(() => createdEvent({cwd: '/', shell: '/nowhere/bash'}, 7)).toThrow(
    expect.objectContaining({code: errorCodes.agentUnavailable}),
  )
})
