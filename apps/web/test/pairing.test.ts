import {afterEach, expect, test, vi} from 'vitest'

import {askAccess, describeRefusal, readDevice, unpair} from '../src/gateway/access.ts'
import {deviceNameOf} from '../src/pairing/device-name.ts'
import {readPairingCode} from '../src/pairing/take-pairing-code.ts'

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['#pair=ab12-cd34', 'ab12-cd34'],
  ['#pair=', undefined],
  ['#pair=a b', undefined],
  ['#/s/pair=x', undefined],
  ['', undefined],
])('the code in %j is %j', (hash, code) => {
  expect(readPairingCode(hash)).toBe(code)
})

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1', 'iPhone'],
  ['Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/143.0 Mobile Safari/537.36', 'Android phone'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/143.0 Safari/537.36 Edg/143.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1.15', 'Safari on Mac'],
  ['curl/8', 'Browser'],
])('%s is called %s', (userAgent, name) => {
  expect(deviceNameOf(userAgent)).toBe(name)
})

test('a refusal says what to do', () => {
  expect(describeRefusal(403, {error: 'The code has expired'}, null)).toBe(
    'The code has expired. Make a new one with `holdfast pair`.',
  )
  expect(describeRefusal(403, undefined, null)).toMatch(/^The code is wrong, was used, or has expired\./)
  expect(describeRefusal(429, undefined, '30')).toBe('Too many attempts. Try again in 30 s.')
})

test('an answer that is no device is not trusted', () => {
  expect(readDevice({name: 'phone', read_only: true, expires_at: 5})).toEqual({
    name: 'phone',
    isReadOnly: true,
    expiresAt: 5,
  })
  for (const answer of [undefined, null, 'phone', {name: 3}, []]) expect(readDevice(answer)).toBeUndefined()
})

const notPaired = '{"error":"This device is not paired.","code":"not-paired"}'

test.each([
  {status: 401, body: notPaired, kind: 'unpaired', what: 'the server'},
  {status: 401, body: '<h1>Log in</h1>', kind: 'unknown', what: 'a proxy that wants a login'},
  {status: 401, body: '', kind: 'unknown', what: 'a proxy that says nothing'},
  {status: 401, body: '{"error":"unauthorized"}', kind: 'unknown', what: 'a proxy that speaks JSON'},
  {status: 403, body: notPaired, kind: 'unknown', what: 'a proxy that forbids it'},
  {status: 403, body: '{"error":"Expected the header Origin."}', kind: 'unknown', what: 'the server, to another page'},
  {status: 502, body: '', kind: 'unknown', what: 'a proxy without a server'},
])('$status by $what is: $kind', async ({status, body, kind}) => {
  vi.stubGlobal('fetch', async () => new Response(body, {status}))
  expect(await askAccess()).toEqual({kind})
})

test('only the server itself knows that a device that is to be unpaired is not paired any more', async () => {
  vi.stubGlobal('fetch', async () => new Response(notPaired, {status: 401}))
  await unpair()
  vi.stubGlobal('fetch', async () => new Response('<h1>Log in</h1>', {status: 401}))
  await expect(unpair()).rejects.toThrow('401')
})
