import {expect, test} from 'vitest'

import {expandHistory} from '../../src/history/expand-history.ts'

const history = ['make test | tee log', 'git push origin main', "echo 'it is' so"]

test.each([
  ['sudo !!', 'sudo make test | tee log'],
  ['!!', 'make test | tee log'],
  ['cat !$', 'cat log'],
  ['echo !^ !*', 'echo test test | tee log'],
  ['!git', 'git push origin main'],
  ['!git:2 !git:$', 'origin main'],
  ['!?origin? -f', 'git push origin main -f'],
  ['!echo:1', "'it is'"],
  ['echo "!!"', 'echo "make test | tee log"'],
  ['^test^clean', 'make clean | tee log'],
  ['^test', '^test'],
  ['^no such^x', '^no such^x'],
  [`echo '!!' \\!! "it's !$"`, `echo '!!' \\!! "it's log"`],
  ['echo hello! != !( ! [!m] ${!m} $!m', 'echo hello! != !( ! [!m] ${!m} $!m'],
  ['!5 !-1 !nothing !:9', '!5 !-1 !nothing !:9'],
])('%s becomes %s', (text, expanded) => {
  expect(expandHistory(text, () => history)).toBe(expanded)
})

test('without a history, nothing is expanded', () => {
  for (const text of ['!!', '!$', '^a^b', '!m']) expect(expandHistory(text, () => [])).toBe(text)
})
