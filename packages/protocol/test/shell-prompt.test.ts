import {expect, test} from 'vitest'

import {readShellPrompt} from '../src/index.ts'

test.each([
  ['!make', 'make', false],
  ['! make test ', 'make test ', false],
  ['!!make', 'make', true],
  ['!!', '', true],
  ['!!  ', '', true],
  ['!', '', false],
  ['!echo a\necho b', 'echo a\necho b', false],
  ['!!! make', '! make', true],
])('%j is for the shell', (text, command, isShared) => {
  expect(readShellPrompt(text)).toMatchObject({command, start: text.length - command.length, isShared})
})

test.each(['make!', ' !make', 'Why!?', ''])('%j is for the agent', (text) => {
  expect(readShellPrompt(text)).toBeUndefined()
})
