import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createdEvents} from '../src/session/created-events.ts'

const title = (params: {cwd: string; title?: string}) => createdEvents(params, 7)[0]?.payload

test('a session with an agent has no shell, and an agent that is not in the settings is refused', () => {
  const read = (name: string) => {
    if (name !== 'gemini') throw new Error(`Expected gemini, got \`${name}\``)
  }
  const [event] = createdEvents({cwd: '/', agent: 'gemini'}, 7, read)
  expect(event?.payload).toEqual({title: '/', untitled: true, agent: 'gemini', cwd: '/', created_at: 7})
  expect(() => createdEvents({cwd: '/', agent: 'codex'}, 7, read)).toThrow(
    expect.objectContaining({code: errorCodes.agentUnavailable, message: 'Expected gemini, got `codex`'}),
  )
})

test('a session without a title is named after its folder', () => {
  expect(title({cwd: '/srv/web'})).toMatchObject({title: 'web', cwd: '/srv/web', created_at: 7})
  expect(title({cwd: '/'})).toMatchObject({title: '/'})
})

test('a session has the tags with which it was made, each once', () => {
  expect(createdEvents({cwd: '/', tags: ['web', 'prod', 'web']}, 7)[0]?.payload).toMatchObject({tags: ['web', 'prod']})
  expect(createdEvents({cwd: '/', tags: []}, 7)[0]?.payload).not.toHaveProperty('tags')
})

test('a title is one line without control characters, cut between characters', () => {
  expect(title({cwd: '/', title: ' echo a\necho\tb\u001b[2J '})).toMatchObject({title: 'echo a ⏎ echo b'})
  expect(title({cwd: '/', title: '\u{1f980}'.repeat(90)})).toMatchObject({title: '\u{1f980}'.repeat(80)})
})

test('the event has the path of the shell; a missing shell is an error', () => {
  expect(title({cwd: '/'})).toMatchObject({shell: expect.stringMatching(/\/bash$/) as string})
  expect(() => createdEvents({cwd: '/', shell: '/nowhere/bash'}, 7)).toThrow(
    expect.objectContaining({code: errorCodes.agentUnavailable}),
  )
})

test('a session with a program has it as its only prompt, and ends with it; a missing program is an error', () => {
  const env = {NAME: 'Ada'}
  expect(createdEvents({cwd: '/', program: ['sh', '-c', 'echo "$NAME"'], env}, 7)).toEqual([
    {
      type: 'session.info',
      payload: {
        title: '/',
        untitled: true,
        cwd: '/',
        agent: 'shell',
        program: ['sh', '-c', 'echo "$NAME"'],
        env,
        created_at: 7,
        one_shot: true,
      },
    },
    {type: 'prompt.queued', payload: {prompt_id: 'program', text: `sh -c 'echo "$NAME"'`, position: 0}},
  ])
  expect(() => createdEvents({cwd: '/', program: ['sh'], env: {PATH: '/nowhere'}}, 7)).toThrow(
    expect.objectContaining({
      code: errorCodes.agentUnavailable,
      message: 'the program `sh` was not found: name a program by its path, or by its name on $PATH',
    }),
  )
})
