import {createComposer, createHistory, type Composer} from '@holdfast/ink-composer'
import {beforeEach, expect, test} from 'vitest'

import type {PastPrompt} from '../../src/past-prompts/find-past-prompt.ts'
import {createPastPromptOverlay, findLine} from '../../src/ui/past-prompts/past-prompt-overlay.ts'

let composer: Composer
let isShown: boolean
let done: string[]

const prompt: PastPrompt = {
  promptId: 'a',
  text: 'make deploy',
  startSeq: 1,
  endedAt: 0,
  isInShell: false,
  cwd: '/srv',
  endSeq: 2,
  end: {prompt_id: 'a', status: 'complete', exit_code: 0},
}

beforeEach(() => {
  isShown = false
  done = []
  composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: [], hasMore: false})),
    onSubmit: (text) => done.push(text),
  })
  const actions = {
    find: () => Promise.resolve(undefined),
    readEnds: () => Promise.resolve({lines: [], gapAt: undefined}),
    readAll: () => Promise.resolve({lines: [], gapAt: undefined}),
    open: () => done.push('open'),
    copyOutput: () => done.push('copy'),
    copyCommand: () => done.push('copy command'),
    runAgain: () => done.push('run again'),
    edit: () => done.push('edit'),
    exportToFile: () => done.push('export'),
    reportError: (error: unknown) => done.push(String(error)),
  }
  composer.open((host) =>
    createPastPromptOverlay({
      host,
      prompt,
      output: {lines: [], gapAt: undefined},
      actions,
      size: () => ({cols: 80, rows: 24}),
      showFolder: (folder) => folder,
      isRunning: () => false,
      isShown: () => isShown,
      steps: 0,
    }),
  )
})

test('text that was typed before the terminal shows the panel goes to the prompt, and closes the panel', () => {
  for (const text of ['r', 'm ', 'x']) composer.press({kind: 'text', text})
  expect([composer.view.draft.text, composer.view.overlay, done]).toEqual(['rm x', undefined, []])
})

test('once the terminal shows the panel, r runs the prompt again', () => {
  isShown = true
  composer.press({kind: 'text', text: 'r'})
  expect([composer.view.draft.text, composer.view.overlay, done]).toEqual(['', undefined, ['run again']])
})

test('finds a line among the others that contain the words', () => {
  const lines = ['', 'Error: no disk', 'no error', '  an Error: disk ', '']
  expect(findLine({words: ['disk', 'Error'], text: 'an Error: disk'}, lines)).toEqual({
    kind: 'match',
    lines: [1, 3],
    at: 1,
  })
  expect(findLine({words: ['DISK'], text: 'Error: no disk'}, lines)).toMatchObject({lines: [1, 3], at: 0})
  expect(findLine({words: ['deploy'], text: 'make deploy'}, ['deployed'])).toBeUndefined()
})
