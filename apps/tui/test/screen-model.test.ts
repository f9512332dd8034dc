import {stripVTControlCharacters} from 'node:util'

import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createScreenModel} from '../src/screen/screen-model.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const prompt_id = 'a'
const envelope = {session_id: '0123456789', at: 0}

test('prompts, notes and reasons of others reach the terminal as plain lines', () => {
  const model = createScreenModel()
  const written: string[] = []
  model.setWriter((text) => void written.push(text))
  const evil = 'one\u001b[2J\u001b]0;mine\u0007\ntwo\rthree'
  model.takeEvent({...envelope, seq: 1, type: 'message.start', payload: {prompt_id, text: evil}}, undefined)
  model.takeEvent({...envelope, seq: 2, type: 'note', payload: {text: evil, level: 'info'}}, undefined)
  const payload = {prompt_id, status: 'failed', reason: evil} as const
  model.takeEvent({...envelope, seq: 3, type: 'message.complete', payload}, undefined)
  vi.runAllTimers()
  const text = written.join('')
  expect(stripVTControlCharacters(text)).toBe('\n❯ one\n… two\n… three\none\ntwo\nthree\n✗ failed: one two three\n')
  // oxlint-disable-next-line no-control-regex -- that only colours are left is what this is about
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(stripVTControlCharacters(text))
})

test('lines that are finished while the terminal is not ours come when it is again', () => {
  const model = createScreenModel()
  const written: string[] = []
  model.setWriter((text) => void written.push(text))
  model.setHeld(true)
  model.takeEvent({...envelope, seq: 1, type: 'message.delta', payload: {prompt_id, text: 'one\ntwo\n'}}, undefined)
  vi.runAllTimers()
  expect(written).toEqual([])
  model.setHeld(false)
  vi.runAllTimers()
  expect(written).toEqual(['one\ntwo\n'])
})

test('where output was not kept, a line says how much', () => {
  const model = createScreenModel()
  const written: string[] = []
  model.setWriter((text) => void written.push(text))
  model.takeEvent({...envelope, seq: 1, type: 'message.delta', payload: {prompt_id, text: 'one\ntw'}}, undefined)
  model.takeEvent({...envelope, seq: 2, type: 'output.elided', payload: {prompt_id, bytes: 2048}}, undefined)
  model.takeEvent({...envelope, seq: 3, type: 'message.delta', payload: {prompt_id, text: 'nine\n'}}, undefined)
  vi.runAllTimers()
  expect(stripVTControlCharacters(written.join(''))).toBe('one\ntw\n… 2.0 KiB of output were not kept …\nnine\n')
})

test('a notice that holds for a while goes when it holds no more, unless another one has come', () => {
  const model = createScreenModel()
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
