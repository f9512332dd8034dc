import {expect, test} from 'vitest'
import {describeRecovery} from '../src/index.ts'

import {idleSession} from './fixtures/idle-session.ts'

const make = {prompt_id: 'a', text: 'make all', started_at: 1}
const other = {prompt_id: 'b', text: 'ls', started_at: 2}
const reason = 'its process was killed by SIGKILL'
const died = `The gateway died (${reason}) and was restarted`

test.each([
  ['nothing ran', null, null, `${died}.`],
  ['nothing ran, and another client has begun something', null, other, `${died}.`],
  ['it runs on', make, make, `${died}; \`make all\` is still running.`],
  ['it has ended', make, null, `${died}; \`make all\` ended meanwhile.`],
  ['the next one runs already', make, other, `${died}; \`make all\` ended meanwhile.`],
])('%s', (_what, runningBefore, running, sentence) => {
  expect(describeRecovery({reason, state: idleSession({running}), runningBefore, isRemote: false})).toBe(sentence)
})

test('a remote connection is reported as lost, not as a crash', () => {
  const facts = {reason: 'the connection was lost', state: idleSession(), runningBefore: null, isRemote: true}
  expect(describeRecovery(facts)).toBe('The connection was lost (the connection was lost) and restored.')
})

test('a long or hostile command is shortened to plain text', () => {
  const text = `\u001b[2Jecho ${'word '.repeat(20)}\nrm`
  const sentence = describeRecovery({reason, state: idleSession(), runningBefore: {...make, text}, isRemote: false})
  expect(sentence).toBe(`${died}; \`${`echo ${'word '.repeat(20)}`.slice(0, 39)}…\` ended meanwhile.`)
})
