import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {charactersOf} from '../src/draft/characters.ts'
import type {Draft} from '../src/draft/draft.ts'
import type {Deletion, Move} from '../src/draft/edit.ts'
import type {WordChange} from '../src/draft/word-changes.ts'
import {edit, emptyEditor, type Edit, type Editor} from '../src/draft/editor.ts'
import {collapsePaste} from '../src/draft/collapse-paste.ts'

/** A draft as text, with `|` where the cursor is and collapsed ranges in `<>`. */
function editorOf(text: string): Editor {
  const marks = /[|<>]/g
  const places: Record<string, number> = {}
  let passed = 0
  for (const {0: mark, index} of text.matchAll(marks)) places[mark] = index - passed++
  const plain = text.replace(marks, '')
  const {'|': cursor = 0, '<': start, '>': end} = places
  const collapsed = start === undefined || end === undefined ? [] : [{start, end, label: '[pasted]'}]
  return {...emptyEditor, draft: {text: plain, cursor, collapsed}}
}

function shown({draft: {text, cursor, collapsed}}: Editor): string {
  const marks = [
    [cursor, '|'] as const,
    ...collapsed.flatMap(
      ({start, end}) =>
        [
          [start, '<'],
          [end, '>'],
        ] as const,
    ),
  ]
  // Behind what ends there, before what begins there.
  const order = '>|<'
  marks.sort(([first, a], [second, b]) => second - first || order.indexOf(b) - order.indexOf(a))
  return marks.reduce((all, [at, mark]) => all.slice(0, at) + mark + all.slice(at), text)
}

const move = (to: Move): Edit => ({kind: 'move', move: to})
const remove = (deletion: Deletion): Edit => ({kind: 'delete', deletion})
const change = (how: WordChange): Edit => ({kind: 'change-word', change: how})
const type = (text: string): Edit => ({kind: 'type', text})

test.each<[string, Edit, string]>([
  ['ab|cd', type('X'), 'abX|cd'],
  ['ab|cd', remove('delete-back'), 'a|cd'],
  ['|ab', remove('delete-back'), '|ab'],
  ['ab|cd', remove('delete-forward'), 'ab|d'],
  ['ab|', remove('delete-forward'), 'ab|'],
  ['git commit  |-m', remove('kill-blank-word-back'), 'git |-m'],
  ['cp src/one.ts|', remove('kill-blank-word-back'), 'cp |'],
  ['cp src/one.ts|', remove('kill-word-back'), 'cp src/one.|'],
  ['cp src/one.|', remove('kill-word-back'), 'cp src/|'],
  ['cp| src/one.ts', remove('kill-word'), 'cp|/one.ts'],
  ['ab|cd', remove('kill-to-start'), '|cd'],
  ['ab|cd', remove('kill-to-end'), 'ab|'],
  ['one\ntw|o\nthree', remove('kill-to-start'), 'one\n|o\nthree'],
  ['one\n|o\nthree', remove('kill-to-start'), 'one|o\nthree'],
  ['one\ntw|o\nthree', remove('kill-to-end'), 'one\ntw|\nthree'],
  ['one\ntw|\nthree', remove('kill-to-end'), 'one\ntw|three'],
  ['ab|cd', move('left'), 'a|bcd'],
  ['|ab', move('left'), '|ab'],
  ['ab|cd', move('right'), 'abc|d'],
  ['ab|', move('right'), 'ab|'],
  ['one two-three|', move('word-left'), 'one two-|three'],
  ['one |two', move('word-left'), '|one two'],
  ['one| two', move('word-right'), 'one two|'],
  ['one\ntw|o\nthree', move('line-start'), 'one\n|two\nthree'],
  ['one\ntw|o\nthree', move('line-end'), 'one\ntwo|\nthree'],
  ['one\ntw|o\nthree', move('text-start'), '|one\ntwo\nthree'],
  ['one\ntw|o\nthree', move('text-end'), 'one\ntwo\nthree|'],
  ['one\ntw|o\nthree', move('line-up'), 'on|e\ntwo\nthree'],
  ['one\ntw|o\nthree', move('line-down'), 'one\ntwo\nth|ree'],
  ['o\ntwo|', move('line-up'), 'o|\ntwo'],
  ['日本\nab|c', move('line-up'), '日|本\nabc'],
  ['one|', move('line-up'), 'one|'],
  ['ab|cd', {kind: 'replace', fragment: {text: 'ls', collapsed: []}}, 'ls|'],
  ['cat @s|', {kind: 'replace-range', start: 4, end: 6, text: 'src/'}, 'cat src/|'],
])('%s %o → %s', (before, asked, after) => {
  expect(shown(edit(editorOf(before), asked))).toBe(after)
})

test.each<[string, Edit, string]>([
  ['a <one two> |b', move('left'), 'a <one two>| b'],
  ['a <one two>| b', move('left'), 'a |<one two> b'],
  ['a |<one two> b', move('right'), 'a <one two>| b'],
  ['a <one two>| b', remove('delete-back'), 'a | b'],
  ['a |<one two> b', remove('delete-forward'), 'a | b'],
  ['a <one two>| b', remove('kill-blank-word-back'), 'a | b'],
  ['x<one two>y| b', move('word-left'), 'x<one two>|y b'],
  ['a |<one two> b', move('word-right'), 'a <one two>| b'],
  ['a <one\ntwo> b|', move('line-start'), '|a <one\ntwo> b'],
  ['a\n<one\ntwo> b|', move('line-up'), 'a|\n<one\ntwo> b'],
  ['a <one\ntwo>| b', type('X'), 'a <one\ntwo>X| b'],
  ['|a <one\ntwo> b', type('X'), 'X|a <one\ntwo> b'],
  ['a <one\ntwo>| b', {kind: 'expand'}, 'a one\ntwo| b'],
])('a collapsed range is one unit: %s %o → %s', (before, asked, after) => {
  expect(shown(edit(editorOf(before), asked))).toBe(after)
})

test.each([
  ['an emoji of two units', 'a\u{1f980}|b', 'a|b'],
  ['a family of seven', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}|', '|'],
  ['a letter with an accent of its own', 'cafe\u0301|', 'caf|'],
  ['a flag', '\u{1f1e9}\u{1f1ea}\u{1f1eb}\u{1f1f7}|', '\u{1f1e9}\u{1f1ea}|'],
])('%s is one character', (_what, before, after) => {
  expect(shown(edit(editorOf(before), remove('delete-back')))).toBe(after)
})

test.each<[string, Edit, string]>([
  ['|one two', change('upper'), 'ONE| two'],
  ['o|ne two', change('upper'), 'oNE| two'],
  ['one| -two', change('upper'), 'one -TWO|'],
  ['ONE|  ', change('lower'), 'ONE  |'],
  ['|ONE TWO', change('lower'), 'one| TWO'],
  ['|oNE tWO', change('capital'), 'One| tWO'],
  ['ol|d two', change('capital'), 'olD| two'],
  ["|'tis", change('capital'), "'Tis|"],
  ['one\n|two', change('upper'), 'one\nTWO|'],
  ['|été x', change('capital'), 'Été| x'],
  ['|e\u0301te\u0301 x', change('upper'), 'E\u0301TE\u0301| x'],
  ['|straße!', change('upper'), 'STRASSE|!'],
  ['|\u{10428}\u{10429}', change('capital'), '\u{10400}\u{10429}|'],
  ['日|本 a', change('upper'), '日本| a'],
  ['\u{1f468}\u200d\u{1f469}| a', change('upper'), '\u{1f468}\u200d\u{1f469} A|'],
  ['|<one two> b', change('upper'), '<one two>| b'],
  ['|-<one two> b', change('capital'), '-<one two>| b'],
  ['|one<one two>', change('upper'), 'ONE|<one two>'],
  ['|one <one two>', change('upper'), 'ONE| <one two>'],
])('changes the word behind the cursor: %s %o → %s', (before, asked, after) => {
  expect(shown(edit(editorOf(before), asked))).toBe(after)
})

test.each<[string, string]>([
  ['one t|wo three', 'two one| three'],
  ['one| two', 'two one|'],
  ['one two|', 'two one|'],
  ['one two  |', 'two one  |'],
  ['cp src/a.ts|', 'cp src/ts.a|'],
  ['cp src/a.ts| x', 'cp src/a.x ts|'],
  ['|one two', '|one two'],
  ['|one', '|one'],
  ['one|', 'one|'],
  ['-- |', '-- |'],
  ['one\ntwo|', 'two\none|'],
  ['日本| e\u0301a!', 'e\u0301a 日本|!'],
  ['a <one two>| b', 'a b <one two>|'],
  ['a| <one two> b', '<one two> a| b'],
])('transposes words: %s → %s', (before, after) => {
  expect(shown(edit(editorOf(before), change('transpose')))).toBe(after)
})

/** The editor after some edits. */
const after = (editor: Editor, ...edits: Edit[]) => edits.reduce(edit, editor)

describe('killing and yanking', () => {
  test('yank inserts the last kill with its collapsed ranges', () => {
    const editor = after(editorOf('a <one two>|'), remove('kill-to-start'), type('b '), {kind: 'yank'})
    expect(shown(editor)).toBe('b a <one two>|')
  })

  test('consecutive kills are joined in the order of the text', () => {
    const editor = after(
      editorOf('one two |three four'),
      remove('kill-blank-word-back'),
      remove('kill-word'),
      remove('kill-blank-word-back'),
      move('text-start'),
      {kind: 'yank'},
    )
    expect(shown(editor)).toBe('one two three| four')
  })

  test('Alt-Y cycles through the kill ring', () => {
    const killed = after(editorOf('one two|'), remove('kill-word-back'), move('left'), remove('kill-to-start'))
    const yanked = after(killed, {kind: 'yank'})
    expect(shown(yanked)).toBe('one| ')
    expect(shown(after(yanked, {kind: 'yank-before'}))).toBe('two| ')
    expect(shown(after(yanked, {kind: 'yank-before'}, {kind: 'yank-before'}))).toBe('one| ')
    expect(shown(after(yanked, move('left'), {kind: 'yank-before'}))).toBe('on|e ')
  })
})

describe('undo', () => {
  test('undoes typing in steps, and each deletion by itself', () => {
    const typed = after(emptyEditor, ...'make test and install it'.split('').map(type), remove('kill-word-back'))
    const steps: string[] = []
    for (let editor = typed; editor.before.length > 0;) {
      editor = edit(editor, {kind: 'undo'})
      steps.push(editor.draft.text)
    }
    expect(steps).toEqual(['make test and install it', 'make test and instal', ''])
  })

  test('undoes each change of a word by itself; a word that stays as it is takes no step', () => {
    const typed = after(emptyEditor, type('one TWO'), move('text-start'))
    const changed = after(typed, change('upper'), change('upper'), change('transpose'), move('text-start'))
    expect(shown(changed)).toBe('|TWO ONE')
    expect(after(changed, {kind: 'undo'}).draft.text).toBe('ONE TWO')
    expect(shown(after(changed, {kind: 'undo'}, {kind: 'undo'}))).toBe('|one TWO')
  })

  test('keeps a bounded number of steps', () => {
    const editor = after(
      emptyEditor,
      ...Array.from({length: 500}, () => ({kind: 'insert', fragment: {text: 'a', collapsed: []}}) as const),
    )
    expect(editor.before).toHaveLength(200)
    expect(editor.before.at(-1)?.text).toHaveLength(499)
  })

  test('keeps a bounded amount of text', () => {
    const large = {text: 'x'.repeat(3 * 1024 * 1024), collapsed: []}
    const editor = after(emptyEditor, ...Array.from({length: 10}, () => ({kind: 'replace', fragment: large}) as const))
    expect(editor.before).toHaveLength(5)
  })
})

const anyMove = fc.constantFrom<Move[]>(
  'left',
  'right',
  'word-left',
  'word-right',
  'line-start',
  'line-end',
  'line-up',
  'line-down',
  'text-start',
  'text-end',
)
const anyDeletion = fc.constantFrom<Deletion[]>(
  'delete-back',
  'delete-forward',
  'kill-word-back',
  'kill-blank-word-back',
  'kill-word',
  'kill-to-start',
  'kill-to-end',
)
const anyChange = fc.constantFrom<WordChange[]>('upper', 'lower', 'capital', 'transpose')
const anyText = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    ' ',
    '\n',
    '/',
    'é',
    'e\u0301',
    '日',
    '\u{1f980}',
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    '\t',
  ),
  maxLength: 8,
})
const anyEdit = fc.oneof<fc.Arbitrary<Edit>[]>(
  anyMove.map(move),
  anyDeletion.map(remove),
  anyChange.map(change),
  anyText.filter((text) => text !== '').map(type),
  anyText.map((text) => ({
    kind: 'insert',
    fragment: {text, collapsed: text === '' ? [] : [{start: 0, end: text.length, label: '[pasted]'}]},
  })),
  fc.constantFrom<Edit[]>({kind: 'yank'}, {kind: 'yank-before'}, {kind: 'undo'}, {kind: 'expand'}),
)

/** Whether the cursor is in no collapsed range, and between two characters of the text between two ranges. */
function isPlace({text, cursor, collapsed}: Draft): boolean {
  const range = collapsed.find(({start, end}) => cursor > start && cursor < end)
  const from = collapsed.findLast(({end}) => end <= cursor)?.end ?? 0
  const to = collapsed.find(({start}) => start >= cursor)?.start ?? text.length
  const ends = new Set([0])
  let at = 0
  for (const character of charactersOf(text.slice(from, to))) ends.add((at += character.length))
  return range === undefined && ends.has(cursor - from)
}

describe('after any edits', () => {
  test('collapsed ranges are in order and disjoint, and the cursor is in none of them', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, {maxLength: 30}), (edits) => {
        const {draft} = after(emptyEditor, ...edits)
        let end = 0
        for (const range of draft.collapsed) {
          expect(range.start).toBeGreaterThanOrEqual(end)
          expect(range.end).toBeGreaterThan(range.start)
          end = range.end
        }
        expect(draft.text.length).toBeGreaterThanOrEqual(end)
        expect(draft.collapsed.filter(({start, end: last}) => draft.cursor > start && draft.cursor < last)).toEqual([])
      }),
    )
  })

  test('a movement ends between characters and changes no text; left undoes right', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, {maxLength: 15}), anyMove, (edits, to) => {
        const editor = after(emptyEditor, ...edits, move('text-start'))
        const moved = after(editor, move('word-right'), move(to))
        expect(moved.draft.text).toBe(editor.draft.text)
        expect(isPlace(moved.draft)).toBe(true)
        const left = after(moved, move('left'))
        if (left.draft.cursor !== moved.draft.cursor) expect(after(left, move('right')).draft).toEqual(moved.draft)
      }),
    )
  })

  test('kill followed by yank restores the draft', () => {
    fc.assert(
      fc.property(
        fc.array(anyEdit, {maxLength: 15}),
        anyMove,
        anyDeletion.filter((deletion) => deletion.startsWith('kill')),
        (edits, to, deletion) => {
          const editor = after(emptyEditor, ...edits, move('left'), move(to))
          const killed = after(editor, remove(deletion))
          if (killed.draft.text === editor.draft.text) return
          const {text, collapsed} = after(killed, {kind: 'yank'}).draft
          expect({text, collapsed}).toEqual({text: editor.draft.text, collapsed: editor.draft.collapsed})
        },
      ),
    )
  })

  test('transposed words are the same characters, and a change of case keeps the words', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, {maxLength: 15}), anyMove, anyChange, (edits, to, how) => {
        const editor = after(emptyEditor, ...edits, move('left'), move(to))
        const {text} = after(editor, change(how)).draft
        if (how === 'transpose') expect(Array.from(text).sort()).toEqual(Array.from(editor.draft.text).sort())
        else expect(text.toLowerCase()).toBe(editor.draft.text.toLowerCase())
      }),
    )
  })

  test('undoing everything ends with an empty draft', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, {maxLength: 30}), (edits) => {
        const editor = after(emptyEditor, ...edits)
        const undone = after(editor, ...editor.before.map(() => ({kind: 'undo'}) as const))
        expect(undone.draft.text).toBe('')
      }),
    )
  })

  test('one undo restores the text before the last change', () => {
    fc.assert(
      fc.property(
        fc.array(anyEdit, {maxLength: 15}),
        fc.oneof(anyDeletion.map(remove), anyChange.map(change)),
        (edits, asked) => {
          const editor = after(emptyEditor, ...edits)
          const changed = after(editor, asked)
          if (changed.draft.text !== editor.draft.text)
            expect(after(changed, {kind: 'undo'}).draft).toEqual(editor.draft)
        },
      ),
    )
  })
})

test.each([
  ['one\n'.repeat(10), '10 lines', undefined],
  ['one\n'.repeat(11), '11 lines', '[pasted 11 lines, 44 bytes]'],
  ['x'.repeat(1001), 'one line of 1,001 characters', '[pasted 1 line, 1 kB]'],
  [`${'x'.repeat(45)}\n`.repeat(213), '213 lines', '[pasted 213 lines, 10 kB]'],
  ['é'.repeat(1_000_000), '2 MB', '[pasted 1 line, 2.0 MB]'],
])('a long paste is collapsed: %#, %s', (text, _what, label) => {
  expect(collapsePaste(text)).toEqual({
    text,
    collapsed: label === undefined ? [] : [{start: 0, end: text.length, label}],
  })
})
