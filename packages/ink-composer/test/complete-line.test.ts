import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createComposer, createHistory, type Composer, type ShellCompletions} from '../src/index.ts'

let composer: Composer
let submitted: string[]
/** The lines that were asked for, and how to answer them. */
let asked: {line: string; answer: (completions: ShellCompletions) => Promise<void>}[]

const key = (...names: string[]) => names.forEach((name) => composer.press({kind: 'key', name}))
const type = (text: string) => composer.press({kind: 'text', text})
const written = () => composer.view.draft.text
const rows = () => composer.view.overlay?.rows.map(({text}) => text)
const selected = () => composer.view.overlay?.selected

/** What a shell says of these words behind `start`. */
function completions(
  start: number,
  words: readonly string[],
  changes: Partial<ShellCompletions> = {},
): ShellCompletions {
  const candidates = words.map((insert) => ({insert, suffix: insert.endsWith('/') ? '' : ' ', label: insert}))
  return {start, candidates, common: '', total: words.length, isPartial: false, ...changes}
}

afterEach(() => void vi.useRealTimers())

beforeEach(() => {
  submitted = []
  asked = []
  composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: []})),
    commands: [{name: '/quit', description: 'leaves'}],
    listFolder: () => Promise.resolve(['a-file']),
    completeLine: (line) =>
      new Promise((resolve) => {
        asked.push({
          line,
          async answer(found) {
            resolve(found)
            await new Promise((later) => setImmediate(later))
          },
        })
      }),
    onSubmit: (text) => void submitted.push(text),
  })
})

const branches = completions(4, ['checkout', 'cherry', 'cherry-pick'], {common: 'che'})

test('the only candidate is inserted; several are listed behind what they have in common', async () => {
  type('git c')
  key('tab')
  expect(asked.map(({line}) => line)).toEqual(['git c'])
  await asked[0]!.answer(branches)
  expect([written(), rows(), selected()]).toEqual(['git che', ['checkout', 'cherry', 'cherry-pick'], undefined])
  type('c')
  expect(rows()).toEqual(['checkout'])
  key('backspace')
  expect(rows()).toHaveLength(3)
  key('escape')
  expect([rows(), written()]).toEqual([undefined, 'git che'])
  key('tab')
  await asked[1]!.answer(completions(4, ['checkout']))
  expect([written(), rows()]).toEqual(['git checkout ', undefined])
})

test('Tab, Shift-Tab and the arrows select; Enter takes it and submits nothing; without a selection it submits', async () => {
  type('git che')
  key('tab')
  await asked[0]!.answer(branches)
  key('tab', 'tab', 'down', 'shift-tab')
  expect(selected()).toBe(1)
  key('enter')
  expect([written(), submitted]).toEqual(['git cherry ', []])
  key('tab')
  await asked[1]!.answer(completions(11, ['main', 'maint']))
  expect(rows()).toEqual(['main', 'maint'])
  key('enter')
  expect([written(), submitted]).toEqual(['', ['git cherry ']])
})

test('the answer for a draft that has changed is dropped', async () => {
  type('cat fi')
  key('tab')
  type('r')
  await asked[0]!.answer(completions(4, ['file']))
  expect([written(), rows()]).toEqual(['cat fir', undefined])
  key('tab')
  key('escape')
  await asked[1]!.answer(completions(4, ['first']))
  expect(written()).toBe('cat fir')
})

test('Enter waits for the answer, and submits the line with what Tab has completed', async () => {
  type('make bu')
  key('tab', 'enter')
  expect(submitted).toEqual([])
  await asked[0]!.answer(completions(5, ['build']))
  expect(submitted).toEqual(['make build '])
  type('rm fi')
  key('tab', 'enter')
  await asked[1]!.answer(completions(3, ['file-1', 'file-2'], {common: 'file-'}))
  expect([submitted, written(), rows()]).toEqual([['make build ', 'rm file-'], '', undefined])
  type('true')
  key('tab', 'enter')
  await asked[2]!.answer(completions(0, []))
  expect(submitted).toEqual(['make build ', 'rm file-', 'true'])
})

test('what is typed while Enter waits for the answer follows it in its order', async () => {
  type('cd fo')
  key('tab', 'enter')
  type('ls')
  key('enter')
  expect([written(), submitted]).toEqual(['cd fo', []])
  await asked[0]!.answer(completions(3, ['folder/']))
  expect([written(), submitted]).toEqual(['', ['cd folder/', 'ls']])
  type('cat fi')
  key('tab', 'enter')
  type('pwd')
  await asked[1]!.answer(completions(4, ['file-1', 'file-2'], {common: 'file-'}))
  expect([written(), submitted]).toEqual(['pwd', ['cd folder/', 'ls', 'cat file-']])
})

test('Enter that has waited too long submits the line as it is, and an answer after that is dropped', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  type('cd fo')
  key('tab', 'enter')
  type('ls')
  await asked[0]!.answer(completions(3, ['folder/', 'forest/'], {isPartial: true}))
  expect(submitted).toEqual([])
  await vi.runAllTimersAsync()
  expect([written(), rows(), submitted]).toEqual(['ls', undefined, ['cd fo']])
  await asked[1]!.answer(completions(3, ['folder/']))
  expect([written(), submitted]).toEqual(['ls', ['cd fo']])
  key('enter')
  expect(submitted).toEqual(['cd fo', 'ls'])
})

test('Enter does not wait for a longer list, nor for an answer that was of no use', async () => {
  type('ls ')
  key('tab')
  await asked[0]!.answer(completions(3, ['aa', 'ab'], {total: 900}))
  type('a')
  expect(asked[1]!.line).toBe('ls a')
  key('enter')
  expect(submitted).toEqual(['ls a'])
  composer.paste('line\n'.repeat(20))
  type('x')
  key('tab')
  await asked[2]!.answer(completions(0, ['lines']))
  key('enter')
  expect(submitted[1]).toMatch(/^line\n[^]*x$/)
})

test('paths are listed until the shell is ready; it is asked again, and its answer comes in their place', async () => {
  type('git che')
  key('tab')
  await asked[0]!.answer(completions(4, ['chest/'], {isPartial: true}))
  expect([written(), rows()]).toEqual(['git che', ['chest/']])
  await asked[1]!.answer(branches)
  expect(rows()).toEqual(['checkout', 'cherry', 'cherry-pick'])
})

test('a space that follows already is not written twice', async () => {
  type('cat fi x')
  key('left', 'left', 'tab')
  expect(asked[0]!.line).toBe('cat fi')
  await asked[0]!.answer(completions(4, ['file']))
  expect(written()).toBe('cat file x')
})

test('a list that is not complete says so, and is asked for again while the user types', async () => {
  type('ls ')
  key('tab')
  await asked[0]!.answer(completions(3, ['aa', 'ab'], {total: 900}))
  expect(composer.view.overlay?.footer).toContain('898 not listed: type more')
  type('a')
  expect(asked[1]!.line).toBe('ls a')
  await asked[1]!.answer(completions(3, ['aa', 'ab', 'ac']))
  expect(rows()).toEqual(['aa', 'ab', 'ac'])
})

test('slash commands and @ stay with the composer, and an empty draft asks for nothing', async () => {
  key('tab')
  type('/q')
  key('tab')
  expect(written()).toBe('/quit')
  key('ctrl-u')
  type('cat @a')
  await new Promise((later) => setImmediate(later))
  key('tab')
  expect([written(), asked]).toEqual(['cat a-file ', []])
})

test('what is collapsed is not replaced', async () => {
  composer.paste(`${'line\n'.repeat(20)}echo`)
  type('x')
  key('tab')
  await asked[0]!.answer(completions(100, ['echoes']))
  expect(written()).toBe(`${'line\n'.repeat(20)}echox`)
})
