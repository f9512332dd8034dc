import {expect, test} from 'vitest'

import {
  decideKey,
  decideTarget,
  type LineTarget,
  type ProgramInput,
  type TargetKey,
} from '../../src/program/line-target.ts'

type Chosen = 'prompt' | 'program' | undefined
type Input = ProgramInput | undefined

const inputs: readonly Input[] = [undefined, 'none', 'line', 'key', 'hidden', 'terminal']
const targets: readonly LineTarget[] = ['prompt', 'program', 'key', 'hidden']

/** What the program reads now, whom the drawn line is for, whether it has text, what was chosen → the next target, the text. */
const table: readonly [Input, LineTarget, 'empty' | 'text', Chosen, LineTarget, string][] = [
  [undefined, 'prompt', 'empty', undefined, 'prompt', 'stays'],
  [undefined, 'prompt', 'text', undefined, 'prompt', 'stays'],
  [undefined, 'program', 'empty', undefined, 'prompt', 'stays'],
  [undefined, 'program', 'text', undefined, 'prompt', 'orphaned'],
  [undefined, 'hidden', 'empty', undefined, 'prompt', 'stays'],
  [undefined, 'hidden', 'text', undefined, 'prompt', 'thrown-away'],
  ['none', 'prompt', 'text', undefined, 'prompt', 'stays'],
  ['none', 'program', 'empty', undefined, 'prompt', 'stays'],
  ['none', 'program', 'empty', 'program', 'program', 'stays'],
  ['none', 'program', 'text', undefined, 'program', 'stays'],
  ['none', 'hidden', 'text', undefined, 'prompt', 'thrown-away'],
  ['line', 'prompt', 'empty', undefined, 'program', 'stays'],
  ['line', 'prompt', 'empty', 'prompt', 'prompt', 'stays'],
  ['line', 'prompt', 'text', undefined, 'prompt', 'stays'],
  ['line', 'program', 'text', undefined, 'program', 'stays'],
  ['line', 'hidden', 'text', undefined, 'program', 'thrown-away'],
  ['line', 'hidden', 'empty', undefined, 'program', 'stays'],
  ['key', 'prompt', 'empty', undefined, 'key', 'stays'],
  ['key', 'prompt', 'empty', 'prompt', 'prompt', 'stays'],
  ['key', 'prompt', 'empty', 'program', 'key', 'stays'],
  ['key', 'prompt', 'text', undefined, 'prompt', 'stays'],
  ['key', 'program', 'empty', 'program', 'key', 'stays'],
  ['key', 'program', 'text', undefined, 'program', 'stays'],
  ['key', 'hidden', 'text', undefined, 'key', 'thrown-away'],
  ['line', 'key', 'empty', undefined, 'program', 'stays'],
  ['none', 'key', 'empty', undefined, 'prompt', 'stays'],
  ['hidden', 'key', 'empty', undefined, 'hidden', 'stays'],
  [undefined, 'key', 'empty', undefined, 'prompt', 'stays'],
  ['hidden', 'prompt', 'empty', undefined, 'hidden', 'stays'],
  ['hidden', 'prompt', 'text', undefined, 'hidden', 'stays'],
  ['hidden', 'prompt', 'text', 'prompt', 'hidden', 'stays'],
  ['hidden', 'program', 'text', undefined, 'hidden', 'stays'],
  ['hidden', 'hidden', 'text', undefined, 'hidden', 'stays'],
  ['terminal', 'prompt', 'text', undefined, 'prompt', 'stays'],
  ['terminal', 'program', 'empty', undefined, 'prompt', 'stays'],
  ['terminal', 'program', 'text', undefined, 'program', 'stays'],
  ['terminal', 'hidden', 'text', undefined, 'prompt', 'thrown-away'],
]

test.each(table)('reads %s, %s with %s, chosen %s: %s, the text %s', (input, drawn, content, chosen, target, text) => {
  expect(decideTarget({input, drawn, isEmpty: content === 'empty', chosen})).toEqual({target, text})
})

test('text never changes from the queue to a visible line, nor back, nor from a hidden line to either', () => {
  for (const input of inputs) {
    for (const drawn of targets) {
      for (const chosen of [undefined, 'prompt', 'program'] as const) {
        const {target, text} = decideTarget({input, drawn, isEmpty: false, chosen})
        if (target === drawn || text === 'thrown-away') continue
        // Into the hidden line, of which the composer takes only what may be a secret; or a mark on it.
        expect(target === 'hidden' || text === 'orphaned').toBe(true)
        expect(drawn).not.toBe('hidden')
      }
    }
  }
})

test.each<[TargetKey, Input, LineTarget, 'empty' | 'text', Chosen, string]>([
  ['enter', 'none', 'prompt', 'text', undefined, 'submit'],
  ['enter', 'line', 'prompt', 'text', undefined, 'submit'],
  ['enter', 'line', 'program', 'text', undefined, 'send'],
  ['enter', 'line', 'program', 'empty', undefined, 'send'],
  ['enter', 'none', 'program', 'text', undefined, 'send'],
  ['enter', 'hidden', 'hidden', 'text', undefined, 'send'],
  ['enter', undefined, 'prompt', 'text', undefined, 'submit'],
  ['ctrl-d', undefined, 'prompt', 'empty', undefined, 'leave'],
  ['ctrl-d', 'line', 'prompt', 'empty', 'prompt', 'leave'],
  ['ctrl-d', 'line', 'program', 'empty', undefined, 'end-input'],
  ['ctrl-d', 'hidden', 'hidden', 'empty', undefined, 'end-input'],
  ['ctrl-d', 'line', 'program', 'text', undefined, 'none'],
  ['ctrl-t', undefined, 'prompt', 'empty', undefined, 'refuse-program'],
  ['ctrl-t', 'none', 'prompt', 'text', undefined, 'choose-program'],
  ['ctrl-t', 'line', 'program', 'text', undefined, 'choose-prompt'],
  ['ctrl-t', 'key', 'key', 'empty', undefined, 'choose-prompt'],
  ['ctrl-t', 'key', 'prompt', 'text', undefined, 'choose-program'],
  ['escape', 'key', 'prompt', 'empty', 'prompt', 'choose-program'],
  ['enter', 'key', 'program', 'text', undefined, 'send'],
  ['ctrl-t', 'hidden', 'hidden', 'empty', undefined, 'refuse-prompt'],
  ['escape', 'line', 'program', 'text', undefined, 'choose-prompt'],
  ['escape', 'line', 'prompt', 'empty', 'prompt', 'choose-program'],
  ['escape', 'line', 'prompt', 'text', undefined, 'none'],
  ['escape', 'hidden', 'hidden', 'text', undefined, 'clear'],
  ['escape', 'none', 'prompt', 'text', undefined, 'none'],
])('%s while the program reads %s, %s with %s, chosen %s: %s', (key, input, drawn, content, chosen, action) => {
  expect(decideKey(key, {input, drawn, isEmpty: content === 'empty', chosen, isDoubtful: false})).toBe(action)
})

test('the first Enter on a doubtful line only confirms it', () => {
  const facts = {input: undefined, drawn: 'prompt', chosen: undefined, isDoubtful: true} as const
  expect(decideKey('enter', {...facts, isEmpty: false})).toBe('confirm')
  expect(decideKey('enter', {...facts, isEmpty: true})).toBe('submit')
})
