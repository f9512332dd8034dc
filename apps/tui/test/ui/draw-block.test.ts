import {stripVTControlCharacters} from 'node:util'

import {expect, test} from 'vitest'

import {drawBlock} from '../../src/ui/blocks/draw-block.ts'

test('the message about a recovery is wrapped at words', () => {
  const text = 'The gateway died (exit 9) and was restarted; `sleep 300` is still running.'
  expect(drawBlock({kind: 'recovery', text}, 40).map(stripVTControlCharacters)).toEqual([
    'The gateway died (exit 9) and was',
    'restarted; `sleep 300` is still running.',
  ])
})
