import {expect, test} from 'vitest'

import {fragmentOf} from '../../src/draft/draft.ts'
import {edit} from '../../src/draft/editor.ts'
import {createComposerLines} from '../../src/program/composer-lines.ts'

test('a line sent within a second after an answer is not recalled, unless the program is known to read again', () => {
  let now = 0
  let reading: number | undefined
  const lines = createComposerLines({
    program: () => ({id: 'repl', input: 'line', reading}),
    onPrompt: () => {},
    onNotice: () => {},
    now: () => now,
  })
  const answer = (text: string) => {
    lines.look()
    lines.current = edit(lines.current, {kind: 'replace', fragment: fragmentOf(text)})
    lines.takeLine()
    lines.noteAnswered('repl')
  }
  const recalled = () => lines.answers.go(1, lines.current.draft)?.text
  answer('one')
  now = 999
  answer('two')
  expect(recalled()).toBe('one')
  now = 1999
  answer('three')
  expect(recalled()).toBe('three')
  reading = 2
  answer('four')
  expect(recalled()).toBe('four')
})
