import {expect, test} from 'vitest'

import type {PastPrompt} from '../../src/past-prompts/find-past-prompt.ts'
import {findText} from '../../src/ui/past-prompts/past-prompt-overlay.ts'
import {outputRoom, pastPromptView, topFor, type PastPromptState} from '../../src/ui/past-prompts/past-prompt-view.ts'

const prompt: PastPrompt = {
  promptId: 'p',
  text: 'make\ntest',
  isInShell: false,
  cwd: '/src',
  startSeq: 1,
  endSeq: 9,
  endedAt: 0,
  end: {prompt_id: 'p', status: 'complete', exit_code: 2, duration_ms: 3000},
}
const lines = Array.from({length: 100}, (_, at) => `line ${at + 1}`)
const state: PastPromptState = {
  prompt,
  output: {lines, gapAt: undefined},
  top: undefined,
  hits: undefined,
  query: undefined,
  remark: undefined,
  isHelp: false,
}
const facts = {size: {cols: 80, rows: 24}, now: 120_000, showFolder: (folder: string) => folder}
const view = (changes: Partial<PastPromptState> = {}, size = facts.size) =>
  pastPromptView({...state, ...changes}, {...facts, size})
const texts = (changes: Partial<PastPromptState> = {}, size = facts.size) =>
  view(changes, size).rows.map(({text}) => text)

test('has the prompt, its result, and the first and the last lines', () => {
  expect(view().title).toBe('❯ make ⏎ test')
  const rows = texts()
  expect(rows[0]).toBe('✗ exit 2 · 3.0 s · 100 lines · /src · 2 min ago')
  expect(rows.slice(1)).toEqual(['line 1', 'line 2', 'line 3', 'line 4', '… 92 more', ...lines.slice(-4)])
})

test.each([
  [{cols: 40, rows: 6}, 5],
  [{cols: 40, rows: 12}, 5],
  [{cols: 80, rows: 24}, 11],
  [{cols: 120, rows: 40}, 19],
])('at %o it takes %i rows and the keys: half of the screen, or what it needs', (size, rows) => {
  expect(texts({}, size)).toHaveLength(rows - 1)
  expect(outputRoom(size)).toBe(rows - 2)
})

test('a gap of which nobody knows the length has no count', () => {
  const rows = texts({output: {lines: lines.slice(0, 20), gapAt: 10}})
  expect(rows[0]).not.toContain('lines')
  expect(rows).toContain('…')
})

test('of an output that has no end yet, only the beginning is there', () => {
  expect(texts({output: {lines: ['a'], gapAt: 1}})).toContain('a')
})

test('a chosen line is selected, in the middle where there is room', () => {
  const hits = {kind: 'error', lines: [2, 50, 99], at: 1} as const
  const top = topFor(50, lines.length, outputRoom(facts.size))
  const {rows, selected = 0} = view({hits, top})
  expect(rows[0]?.text).toContain('error 2 of 3')
  expect(rows[selected]?.text).toBe('line 51')
  expect(topFor(2, 100, 9)).toBe(0)
  expect(topFor(99, 100, 9)).toBe(91)
  expect(topFor(1, 2, 9)).toBe(0)
})

test('a command without output says so', () => {
  expect(texts({output: {lines: [], gapAt: undefined}})).toEqual(['✗ exit 2 · 3.0 s · /src · 2 min ago', '(no output)'])
})

test('a text is found in any case, unless it has a capital letter', () => {
  expect(findText(['Make', 'make', 'no'], 'make')).toEqual([0, 1])
  expect(findText(['Make', 'make', 'no'], 'Make')).toEqual([0])
})
