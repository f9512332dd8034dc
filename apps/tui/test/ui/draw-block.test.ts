import {stripVTControlCharacters} from 'node:util'

import {expect, test} from 'vitest'

import {drawBlock} from '../../src/ui/blocks/draw-block.ts'

test('a note, which show prints too, is left to the terminal to wrap', () => {
  const text = 'The shell exited with 3. The next command gets a new one in the same folder'
  expect(drawBlock({kind: 'note', text}, 30).map(stripVTControlCharacters)).toEqual([text])
})

test('the message about a recovery is wrapped at words', () => {
  const text = 'The gateway died (exit 9) and was restarted; `sleep 300` is still running.'
  expect(drawBlock({kind: 'recovery', text}, 40).map(stripVTControlCharacters)).toEqual([
    'The gateway died (exit 9) and was',
    'restarted; `sleep 300` is still running.',
  ])
})
