import type {ProgramInput, SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {targetOf} from '../src/composer/target.ts'
import {agentInfo, shellInfo} from './fixtures/events.ts'

const running = {prompt_id: 'a', text: 'sudo make', started_at: 0}

test.each<[ProgramInput | undefined, boolean, string]>([
  [undefined, false, 'prompt'],
  ['none', false, 'prompt'],
  ['line', false, 'program'],
  ['key', false, 'program'],
  ['line', true, 'prompt'],
  ['terminal', false, 'prompt'],
  ['hidden', false, 'secret'],
  // A secret is never a prompt.
  ['hidden', true, 'secret'],
])(
  'while the program reads %s, and the user wants a prompt: %j, the line is for the %s',
  (input, wantsPrompt, target) => {
    const activity = input === undefined ? undefined : {input}
    expect(targetOf({state: {info: shellInfo, running}, activity, wantsPrompt})).toBe(target)
  },
)

test('without a program, and while an agent works, the line is a prompt', () => {
  const states: Pick<SessionState, 'info' | 'running'>[] = [
    {info: shellInfo, running: null},
    {info: agentInfo, running},
  ]
  for (const state of states) expect(targetOf({state, activity: {input: 'line'}, wantsPrompt: false})).toBe('prompt')
})
