import {expect, test} from 'vitest'
import {isGone, type IsGoneOptions} from '../src/errors/is-gone.ts'

const fault = (code: string) => Object.assign(new Error(code), {code})
const linux = {platform: 'linux'} as const

test.each([
  ['EPIPE', true, true],
  ['ECONNRESET', true, true],
  ['EBADF', true, true],
  ['ESHUTDOWN', true, true],
  ['ENOTCONN', true, true],
  ['ECONNABORTED', true, true],
  ['ETIMEDOUT', true, true],
  ['ERR_STREAM_PREMATURE_CLOSE', true, true],
  ['ERR_STREAM_DESTROYED', true, true],
  ['ERR_STREAM_WRITE_AFTER_END', false, true],
  ['ENOSPC', false, false],
  ['EACCES', false, false],
  ['EMFILE', false, false],
  ['ENOMEM', false, false],
  ['EIO', false, false],
  ['EINVAL', false, false],
  ['constructor', false, false],
])('%s: gone when read %s, when written %s', (code, whenRead, whenWritten) => {
  expect(isGone(fault(code), {operation: 'read', ...linux})).toBe(whenRead)
  expect(isGone(fault(code), {operation: 'write', ...linux})).toBe(whenWritten)
})

test('EIO means gone only for terminals, EINVAL only on Windows', () => {
  for (const operation of ['read', 'write'] satisfies IsGoneOptions['operation'][]) {
    expect(isGone(fault('EIO'), {operation, terminal: true, ...linux})).toBe(true)
    expect(isGone(fault('EINVAL'), {operation, platform: 'win32'})).toBe(true)
  }
})

test('an error without a code does not mean gone', () => {
  for (const error of [undefined, null, 'EPIPE', new Error('EPIPE'), {code: 32}]) {
    expect(isGone(error, {operation: 'write'})).toBe(false)
  }
})
