import {describe, expect, test} from 'vitest'

import {
  createPromptId,
  createSessionId,
  describeParseError,
  errorCodes,
  errorName,
  parseParams,
  serveMethods,
  sessionIdPattern,
} from '../src/index.ts'

class CodedError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

describe('serveMethods', () => {
  const handlers = serveMethods<{peer: string}>(
    {
      'gateway.ping': () => ({}),
      'session.interrupt': ({session_id}, {peer}) => {
        if (peer === 'ada') return {interrupted: session_id !== ''}
        throw Object.assign(new Error('the disk is full'), {wireCode: errorCodes.storageFull})
      },
      'session.list': () => {
        throw new TypeError('a bug of the handler')
      },
    },
    (code, message) => new CodedError(code, message),
  )
  const session_id = createSessionId()

  test('a handler gets the parsed params and the context', async () => {
    await expect(handlers['session.interrupt']?.({session_id, extra: 1}, {peer: 'ada'})).resolves.toEqual({
      interrupted: true,
    })
  })

  test('invalid params do not reach the handler; the error names the path and the expected value', async () => {
    await expect(handlers['session.interrupt']?.({session_id: 'x'}, {peer: 'ada'})).rejects.toMatchObject({
      code: -32602,
      message: 'session.interrupt: session_id: Expected a session id: 10 letters or digits',
    })
  })

  test('missing params are an empty object', async () => {
    await expect(handlers['gateway.ping']?.(undefined, {peer: 'ada'})).resolves.toEqual({})
  })

  test('an error with a `wireCode` reaches the peer with that code', async () => {
    await expect(handlers['session.interrupt']?.({session_id}, {peer: 'bob'})).rejects.toMatchObject({
      code: 5070,
      message: 'the disk is full',
    })
  })

  test('any other error passes unchanged', async () => {
    await expect(handlers['session.list']?.({}, {peer: 'ada'})).rejects.toThrow(TypeError)
  })
})

test('a relative directory and a size of 0 are rejected, each with its path', () => {
  const parse = () => parseParams('session.create', {cwd: 'src', cols: 0})
  expect(parse).toThrow()
  try {
    parse()
  } catch (error) {
    expect(describeParseError(error)).toMatch(/^cwd: Expected an absolute path; cols: /)
  }
})

test('ids have the documented format and do not repeat', () => {
  const ids = Array.from({length: 1000}, () => createSessionId())
  for (const id of ids) expect(id).toMatch(sessionIdPattern)
  expect(new Set(ids).size).toBe(ids.length)
  const promptIds = Array.from({length: 1000}, () => createPromptId())
  for (const id of promptIds) expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(promptIds).size).toBe(promptIds.length)
})

test('each error code has one name', () => {
  expect(errorName(errorCodes.sessionNotFound)).toBe('sessionNotFound')
  expect(errorName(1)).toBeUndefined()
  expect(new Set(Object.values(errorCodes)).size).toBe(Object.keys(errorCodes).length)
})
