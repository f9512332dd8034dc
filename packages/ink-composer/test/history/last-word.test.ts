import {expect, test} from 'vitest'

import {lastWord} from '../../src/history/last-word.ts'

test.each([
  ['ls -la /tmp', '/tmp'],
  ['echo "a b"', '"a b"'],
  ["git commit -m 'it is'", "'it is'"],
  [String.raw`echo a\ b`, String.raw`a\ b`],
  ['make 2>&1', '2>&1'],
  ['make > out.txt', 'out.txt'],
  ['ls foo;', 'foo'],
  ['echo "$(date "+%s")"', '"$(date "+%s")"'],
  ['cat <(ls -l)', '<(ls -l)'],
  ['echo $(date +%s)', '$(date +%s)'],
  ['echo ${a b}', '${a b}'],
  ['cp a b\n', 'b'],
  ['a="b c"d', 'a="b c"d'],
  ['echo "open quote', '"open quote'],
])('the last word of %s is %s', (command, word) => {
  expect(lastWord(command)).toBe(word)
})

test.each(['', '  ', '&&'])('%j has no word', (command) => {
  expect(lastWord(command)).toBeUndefined()
})
