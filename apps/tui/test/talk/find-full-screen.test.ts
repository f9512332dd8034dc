import {expect, test} from 'vitest'

import {createFullScreenFinder} from '../../src/talk/find-full-screen.ts'

test.each([
  [['\x1b[?1049h'], [true]],
  [
    ['\x1b[?1h\x1b[?47hvim', '\x1b[?1049h'],
    [true, false],
  ],
  [
    ['text \x1b', '[?10', '49h', '\x1b[?1049h'],
    [false, false, true, false],
  ],
  [['\x1b[?25;1049h'], [true]],
  [
    ['\x1b[?1049l', '\x1b[?2004h', '[?1049h'],
    [false, false, false],
  ],
])('in %j, a full-screen program is found in the pieces %j', (pieces, found) => {
  const find = createFullScreenFinder()
  expect(pieces.map(find)).toEqual(found)
})
