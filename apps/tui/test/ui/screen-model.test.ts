import {stripVTControlCharacters} from 'node:util'

import {afterEach, expect, test, vi} from 'vitest'

import {withoutPlaces} from '../fixtures/without-places.ts'
import {createScreenModel, type ScreenModel} from '../../src/ui/screen-model.ts'

afterEach(() => void vi.useRealTimers())

const prompt_id = 'a'
const envelope = {session_id: '0123456789', at: 0}
const terminal = {size: {cols: 80, rows: 24}, depth: 24} as const

/** What a model writes, and when. */
function watchWriter(model: ScreenModel): {written: string[]; until: (text: string) => Promise<string>} {
  const written: string[] = []
  let look = () => {}
  model.setWriter((text) => {
    written.push(text)
    look()
    return true
  })
  return {
    written,
    until: (text) =>
      new Promise((resolve) => {
        look = () => {
          const all = withoutPlaces(stripVTControlCharacters(written.join('')))
          if (all.includes(text)) resolve(all)
        }
        look()
      }),
  }
}

test('untrusted prompts, notes and reasons are written as plain lines', async () => {
  const model = createScreenModel(terminal)
  const {written, until} = watchWriter(model)
  const evil = 'one\u001b[2J\u001b]0;mine\u0007\ntwo\rthree'
  model.takeEvent({...envelope, seq: 1, type: 'message.start', payload: {prompt_id, text: evil}}, undefined)
  model.takeEvent({...envelope, seq: 2, type: 'note', payload: {text: evil, level: 'info'}}, undefined)
  const payload = {prompt_id, status: 'failed', reason: evil} as const
  model.takeEvent({...envelope, seq: 3, type: 'message.complete', payload}, undefined)
  expect(await until('✗')).toBe('\n❯ one\n… two\n… three\none\ntwo\nthree\n✗ failed: one two three\n')
  // oxlint-disable-next-line no-control-regex -- that only colours and the band are left is what this is about
  expect(written.join('').replaceAll(/\u001b\[(?:\d+m|K)/g, '')).not.toContain('\u001b')
})

test('lines that finish while the terminal is lent are written afterwards', async () => {
  const model = createScreenModel(terminal)
  model.setWriter(undefined)
  model.takeEvent({...envelope, seq: 1, type: 'note', payload: {text: 'one', level: 'info'}}, undefined)
  model.flush()
  const {until} = watchWriter(model)
  expect(await until('one')).toBe('one\n')
})

test('a line says how much output was not kept', async () => {
  const model = createScreenModel(terminal)
  const {until} = watchWriter(model)
  model.takeEvent({...envelope, seq: 1, type: 'message.delta', payload: {prompt_id, text: 'one\ntw'}}, undefined)
  model.takeEvent({...envelope, seq: 2, type: 'output.elided', payload: {prompt_id, bytes: 2048}}, undefined)
  model.takeEvent({...envelope, seq: 3, type: 'message.delta', payload: {prompt_id, text: 'nine\n'}}, undefined)
  const payload = {prompt_id, status: 'complete', exit_code: 0} as const
  model.takeEvent({...envelope, seq: 4, type: 'message.complete', payload}, undefined)
  expect(await until('✓')).toBe('one\ntw\n… 2.0 KiB of output were not kept …\nnine\n✓\n')
})

test('a note of the screen stands above the line that the program is writing, which it continues', async () => {
  const model = createScreenModel(terminal)
  const {until} = watchWriter(model)
  const print = (seq: number, text: string) =>
    model.takeEvent({...envelope, seq, type: 'message.delta', payload: {prompt_id, text}}, undefined)
  print(1, 'one\n>>> ')
  model.addBlock({kind: 'note', text: 'a note'})
  print(2, '6 * 7\n42\n')
  const payload = {prompt_id, status: 'complete', exit_code: 0} as const
  model.takeEvent({...envelope, seq: 3, type: 'message.complete', payload}, undefined)
  expect(await until('✓')).toBe('one\na note\n>>> 6 * 7\n42\n✓\n')
})

test('output of another prompt is not drawn into the current run, and a line says so', async () => {
  const model = createScreenModel(terminal)
  const {until} = watchWriter(model)
  const start = {prompt_id, text: 'make'}
  model.takeEvent({...envelope, seq: 1, type: 'message.start', payload: start}, undefined)
  const other = (text: string) => ({prompt_id: 'other', text})
  const deltas = [
    other('secret one\n'),
    {prompt_id, text: 'two\n'},
    other('secret three\n'),
    {prompt_id, text: 'four\n'},
  ]
  deltas.forEach((payload, at) => {
    model.takeEvent({...envelope, seq: at + 2, type: 'message.delta', payload}, undefined)
  })
  const elided = {prompt_id: 'other', bytes: 2048}
  model.takeEvent({...envelope, seq: 6, type: 'output.elided', payload: elided}, undefined)
  const payload = {prompt_id, status: 'complete', exit_code: 0} as const
  model.takeEvent({...envelope, seq: 7, type: 'message.complete', payload}, undefined)
  expect(await until('✓')).toBe('\n❯ make\nOutput of another prompt arrived, and is not shown here.\ntwo\nfour\n✓\n')
})

test('runs that arrive faster than they are drawn stay complete and in order', async () => {
  const model = createScreenModel(terminal)
  const {until} = watchWriter(model)
  const runs = Array.from({length: 20}, (_, at) => `run ${at}`)
  runs.forEach((text, at) => {
    const run = {...envelope, payload: {prompt_id: text}}
    model.takeEvent({...run, seq: 3 * at + 1, type: 'message.start', payload: {prompt_id: text, text}}, undefined)
    model.takeEvent(
      {...run, seq: 3 * at + 2, type: 'message.delta', payload: {prompt_id: text, text: 'out'}},
      undefined,
    )
    const payload = {prompt_id: text, status: 'failed'} as const
    model.takeEvent({...run, seq: 3 * at + 3, type: 'message.complete', payload}, undefined)
  })
  model.takeEvent({...envelope, seq: 61, type: 'session.closed', payload: {reason: 'user'}}, undefined)
  expect(await until('closed')).toBe(
    `${runs.map((text) => `\n❯ ${text}\nout\n✗ failed\n`).join('')}The session was closed.\n`,
  )
})

test('the ends of earlier runs that are still being drawn do not end an attachment that has not begun', async () => {
  const model = createScreenModel(terminal)
  const {written} = watchWriter(model)
  const earlier = 'earlier'
  const start = {prompt_id: earlier, text: 'make'}
  model.takeEvent({...envelope, seq: 1, type: 'message.start', payload: start}, undefined, {isHistory: true})
  model.takeEvent(
    {...envelope, seq: 2, type: 'message.delta', payload: {prompt_id: earlier, text: 'out\n'}},
    undefined,
    {isHistory: true},
  )
  const end = {prompt_id: earlier, status: 'complete', exit_code: 0} as const
  model.takeEvent({...envelope, seq: 3, type: 'message.complete', payload: end}, undefined, {isHistory: true})
  model.takeEvent({...envelope, seq: 4, type: 'message.start', payload: {prompt_id, text: 'vim'}}, undefined, {
    isHistory: true,
  })
  const rest = new Promise((resolve) => {
    model.handOver('id', {onBegin: resolve, onLogged() {}, onEnd: () => new Uint8Array(0)})
  })
  model.takeEvent({...envelope, seq: 5, type: 'attach.start', payload: {prompt_id, attach_id: 'id'}}, undefined)
  expect(await rest).toBe('')
  model.writeLines()
  expect(withoutPlaces(stripVTControlCharacters(written.join('')))).toBe('\n❯ make\nout\n✓\n\n❯ vim\n')
})

test('a long output ends with the count of collapsed lines, and the run can be expanded', async () => {
  const model = createScreenModel(terminal)
  const {until} = watchWriter(model)
  const text = Array.from({length: 1000}, (_, at) => `line ${at + 1}\n`).join('')
  model.takeEvent({...envelope, seq: 1, type: 'message.start', payload: {prompt_id, text: 'seq'}}, undefined)
  model.takeEvent({...envelope, seq: 2, type: 'message.delta', payload: {prompt_id, text}}, undefined)
  const payload = {prompt_id, status: 'complete', exit_code: 0} as const
  model.takeEvent({...envelope, seq: 3, type: 'message.complete', payload}, undefined)
  expect(await until('✓')).toContain('line 400\n… 588 lines collapsed · Ctrl-] expands them\nline 989\n')
  expect(model.collapsed).toEqual({
    kind: 'run',
    promptId: prompt_id,
    text: 'seq',
    afterSeq: 1,
    convertEol: true,
  })
})

test('a block of very many lines is written whole', async () => {
  const model = createScreenModel(terminal)
  const {until} = watchWriter(model)
  model.addBlock({kind: 'lines', lines: Array.from({length: 500_000}, (_, at) => `${at}`)})
  model.addBlock({kind: 'closed', reason: 'user'})
  expect((await until('closed')).split('\n')).toHaveLength(500_002)
})

test('a timed notice disappears, unless another one has replaced it', () => {
  vi.useFakeTimers()
  const model = createScreenModel(terminal)
  model.setNotice('Press Ctrl-C again to leave', {forMs: 2000})
  vi.advanceTimersByTime(1999)
  expect(model.snapshot.notice).toBe('Press Ctrl-C again to leave')
  vi.advanceTimersByTime(1)
  expect(model.snapshot.notice).toBeUndefined()

  model.setNotice('Press Ctrl-C again to leave', {forMs: 2000})
  model.setNotice('the disk is full')
  vi.advanceTimersByTime(5000)
  expect(model.snapshot.notice).toBe('the disk is full')
})

test('a saved draft draws no frame', () => {
  vi.useFakeTimers()
  const model = createScreenModel(terminal)
  let frames = 0
  model.subscribe(() => void frames++)
  model.takeEvent({...envelope, seq: 1, type: 'draft.updated', payload: {text: 'ls'}}, undefined)
  vi.runAllTimers()
  expect(frames).toBe(0)
  model.takeEvent({...envelope, seq: 2, type: 'note', payload: {text: 'one', level: 'info'}}, undefined)
  vi.runAllTimers()
  expect(frames).toBe(1)
})

test('rows that the program may still change are never drawn below a gap, however many lines wait', async () => {
  const model = createScreenModel(terminal)
  let written = ''
  const frames: string[] = []
  const {promise: drawn, resolve} = Promise.withResolvers<void>()
  model.setWriter((text, tentative = '') => {
    written += text + tentative
    return true
  })
  model.subscribe(() => {
    const frame = stripVTControlCharacters([written, ...(model.snapshot.output?.rows ?? [])].join('\n'))
    frames.push(frame)
    if (frame.includes('300')) resolve()
  })
  const numbers = Array.from({length: 300}, (_, at) => at + 1)
  // The program goes back to earlier rows.
  const text = `\u001b[A\r${numbers.map((number) => `${number}\r\n`).join('')}`
  model.takeEvent({...envelope, seq: 1, type: 'message.delta', payload: {prompt_id, text}}, undefined)
  await drawn
  for (const frame of frames) {
    const shown = frame.match(/\d+/g)?.map(Number) ?? []
    expect(shown).toEqual(numbers.slice(0, shown.length))
  }
})
