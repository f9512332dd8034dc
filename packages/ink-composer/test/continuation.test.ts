import {stripVTControlCharacters} from 'node:util'

import {beforeEach, expect, test} from 'vitest'

import type {Composer, ComposerOptions} from '../src/composer.ts'
import {draftRows} from '../src/composer-rows.ts'
import {createComposer} from '../src/create-composer.ts'
import {createHistory} from '../src/history/history.ts'

let submitted: string[]
let answers: PromiseWithResolvers<boolean | string>[]

const ask = () => {
  const answer = Promise.withResolvers<boolean | string>()
  answers.push(answer)
  return answer.promise
}

function open(isIncomplete?: ComposerOptions['isIncomplete']): Composer {
  return createComposer({
    history: createHistory(() => Promise.resolve({entries: [], next: undefined})),
    onSubmit: (text) => submitted.push(text),
    ...(isIncomplete && {isIncomplete}),
  })
}

/** Types each text and presses each key in brackets. */
function type(composer: Composer, ...keys: string[]): void {
  for (const key of keys) {
    const name = /^<(.+)>$/.exec(key)?.[1]
    composer.press(name === undefined ? {kind: 'text', text: key} : {kind: 'key', name})
  }
}

async function reply(isIncomplete: boolean | string): Promise<void> {
  const next = answers.shift()!
  next.resolve(isIncomplete)
  await next.promise
}

beforeEach(() => {
  submitted = []
  answers = []
})

test('Enter in an unfinished text begins a new line, and submits it when it is whole', async () => {
  const composer = open(ask)
  type(composer, 'for i in 1', '<enter>')
  await reply(true)
  type(composer, 'do echo; done', '<enter>')
  expect(submitted).toEqual([])
  await reply(false)
  expect(submitted).toEqual(['for i in 1\ndo echo; done'])
  expect(composer.view.draft.text).toBe('')
})

test('what is typed, pressed and pasted while Enter waits follows it in its order', async () => {
  const composer = open(ask)
  type(composer, 'echo "', '<enter>', 'a', '<backspace>', 'b')
  composer.paste('c')
  type(composer, '"', '<enter>', 'next')
  expect(composer.view.draft.text).toBe('echo "')
  await reply(true)
  expect(composer.view.draft.text).toBe('echo "\nbc"')
  await reply(false)
  expect(submitted).toEqual(['echo "\nbc"'])
  expect(composer.view.draft.text).toBe('next')
})

test('a text that is known to be whole is submitted at once', () => {
  const composer = open(() => false)
  type(composer, 'make', '<enter>')
  expect(submitted).toEqual(['make'])
})

test('the new line is behind the line of the cursor, which may be anywhere in it', () => {
  const composer = open(() => true)
  type(composer, 'if true', '<home>', '<right>', '<enter>', 'then')
  expect(composer.view.draft.text).toBe('if true\nthen')
})

test('without a host to ask, a backslash at the end continues', () => {
  const composer = open()
  type(composer, 'echo a \\', '<enter>', 'b', '<enter>')
  expect(submitted).toEqual(['echo a \\\nb'])
})

test('the lines of a prompt that follow its first have a sign; the rest of a wrapped line has none', () => {
  const composer = open(() => true)
  type(composer, 'for', '<enter>', 'a long line')
  const rows = draftRows(composer.view, {columns: 10, rows: 9}).map(stripVTControlCharacters)
  expect(rows.map((row) => row.trimEnd())).toEqual(['❯ for', '… a long l', '  ine'])
})

test('a line that Enter begins has the sign of the shell, as long as what is before it stays', async () => {
  const composer = open(ask)
  const rows = (columns = 20) =>
    draftRows(composer.view, {columns, rows: 9}).map((row) => stripVTControlCharacters(row).trimEnd())
  type(composer, 'for i', '<enter>')
  await reply('for> ')
  type(composer, 'echo "abcdefgh', '<enter>')
  await reply('for dquote> ')
  type(composer, 'x')
  expect(rows()).toEqual(['❯ for i', 'for> echo "abcdefgh', 'for dquote> x'])
  expect(rows(16)).toEqual(['❯ for i', 'for> echo "abcde', '  fgh', 'for dquote> x'])
  type(composer, '<up>', '<up>', '<end>', 's')
  expect(rows()).toEqual(['❯ for is', '… echo "abcdefgh', '… x'])
})

test('the signs of a text are forgotten when it is submitted or deleted', async () => {
  const composer = open(ask)
  for (const end of ['<enter>', '<ctrl-c>']) {
    type(composer, 'for i', '<enter>')
    await reply('for> ')
    expect(composer.view.continuations?.size).toBe(1)
    type(composer, 'x', end)
    if (end === '<enter>') await reply(false)
    type(composer, 'for i', '<alt-enter>')
    expect(composer.view.continuations).toBeUndefined()
    type(composer, '<ctrl-c>')
  }
})
