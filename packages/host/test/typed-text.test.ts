import {errorCodes, type ProgramInput} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createTypedText} from '../src/session/typed-text.ts'

/** A program that reads what the test says. */
function begin(input: ProgramInput = 'none') {
  const program = {input, runs: true}
  let time = 1000
  const typed = createTypedText({
    agent: {look: () => Promise.resolve({input: program.input, mayBeSecret: program.input === 'hidden'})},
    isRunning: () => program.runs,
    now: () => ++time,
  })
  const stored: string[] = []
  return {
    program,
    typed,
    stored,
    draft: (text: string, hiddenAt?: number) => typed.storeDraft({text, hiddenAt}, (kept) => stored.push(kept)),
    submit: (text: string, hiddenAt?: number, ifInput?: ProgramInput) =>
      typed.submit({hiddenAt, ifInput, isKnown: () => stored.includes(text)}, () => stored.push(text)),
  }
}

const maybeSecret = {code: errorCodes.maybeSecret}
const inputChanged = {code: errorCodes.inputChanged}

test('while the echo is off, neither a draft nor a prompt is stored, although no client knows yet', async () => {
  const {typed, program, stored, draft, submit} = begin()
  const before = typed.hiddenAt
  program.input = 'hidden'
  await expect(submit('hunter2', before)).rejects.toMatchObject(maybeSecret)
  expect(await draft('hunter2', before)).toBe(false)
  expect(await draft('hunter2')).toBe(false)
  expect(stored).toEqual([])
})

test('a text that was begun before the echo was seen off is refused after it is on again', async () => {
  const {typed, program, stored, draft, submit} = begin()
  const before = typed.hiddenAt
  typed.note(true)
  typed.note(false)
  program.input = 'none'
  await expect(submit('hunter2', before)).rejects.toMatchObject(maybeSecret)
  expect(await draft('hunter2', before)).toBe(false)
  await submit('make', typed.hiddenAt)
  expect(await draft('make test', typed.hiddenAt)).toBe(true)
  expect(stored).toEqual(['make', 'make test'])
})

test('what the client knew while the echo was off does not clear the keys until its end', async () => {
  const {typed, program, submit} = begin('hidden')
  const {hidden_at: during} = await typed.look()
  program.input = 'none'
  await expect(submit('hunter2', during)).rejects.toMatchObject(maybeSecret)
})

test('the end of the program ends the hiding, and what is typed then is stored', async () => {
  const {typed, program, stored, submit, draft} = begin('hidden')
  await typed.look()
  program.runs = false
  typed.note(false)
  await submit('make', typed.hiddenAt)
  expect(await draft('ls')).toBe(true)
  expect(stored).toEqual(['make', 'ls'])
})

test('an empty draft is stored at any time, and after the drafts before it', async () => {
  const {program, stored, draft} = begin()
  const first = draft('make')
  const second = draft('')
  expect(await Promise.all([first, second])).toEqual([true, true])
  program.input = 'hidden'
  expect(await draft('')).toBe(true)
  expect(stored).toEqual(['make', '', ''])
})

test('a prompt is refused where the program reads something else than the client believes', async () => {
  const {program, stored, submit} = begin('line')
  await expect(submit('y', undefined, 'none')).rejects.toMatchObject(inputChanged)
  await submit('make', undefined, 'line')
  program.runs = false
  await submit('ls', undefined, 'line')
  expect(stored).toEqual(['make', 'ls'])
})
