import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {reloadOnce} from '../src/page/reload-when-upgraded.ts'

const reload = vi.fn<() => void>()
const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  reload.mockClear()
  vi.useFakeTimers({now: 1_000_000_000_000})
  vi.stubGlobal('location', {reload})
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** What the server answers to HEAD; to GET, a service worker may answer. */
const answer = (response: Partial<Response> | Error) =>
  vi.stubGlobal('fetch', async (_path: string, {method}: RequestInit) => {
    expect(method).toBe('HEAD')
    if (response instanceof Error) throw response
    return response
  })

test.each([
  ['answers', {ok: true}, 1],
  ['is behind a proxy that wants a login', {ok: false, type: 'opaqueredirect'} as const, 1],
  ['is behind a proxy that does not reach it', {ok: false, type: 'basic'} as const, 0],
  ['cannot be reached', new TypeError('Failed to fetch'), 0],
])(
  'a page of which a part is missing, and whose server %s, is reloaded so many times',
  async (_what, response, times) => {
    answer(response)
    await Promise.all([reloadOnce(), reloadOnce()])
    expect(reload).toHaveBeenCalledTimes(times)
  },
)

test('a page of which a part is missing again after a reload stays for a minute', async () => {
  answer({ok: true})
  await reloadOnce()
  vi.advanceTimersByTime(59_000)
  await reloadOnce()
  expect(reload).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(2000)
  await reloadOnce()
  expect(reload).toHaveBeenCalledTimes(2)
})

test('a page without storage is not reloaded: nothing would end it', async () => {
  answer({ok: true})
  vi.stubGlobal('sessionStorage', undefined)
  await reloadOnce()
  expect(reload).not.toHaveBeenCalled()
})
