import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'
import {fileURLToPath} from 'node:url'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {openAccessStore, type AccessStore, type AccessStoreOptions} from '../src/index.ts'

const day = 86_400_000
const phone = {isReadOnly: false, deviceMs: 7 * day}
let folder: string
let file: string
let at: number
const stores: AccessStore[] = []
beforeEach(() => {
  folder = mkdtempSync('/tmp/hf-access-')
  file = `${folder}/access.db`
  at = 1_795_000_000_000
})
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
  rmSync(folder, {recursive: true})
})

function open(options: AccessStoreOptions = {}): AccessStore {
  const store = openAccessStore(file, {now: () => at, ...options})
  stores.push(store)
  return store
}

/** Pairs a device and returns its token. */
function pair(store: AccessStore, name: string, isReadOnly = false): string {
  const outcome = store.redeem(store.createCode({isReadOnly, deviceMs: 7 * day}).code, name)
  if (outcome.kind !== 'paired') throw new Error(`Expected a device, got ${outcome.kind}`)
  return outcome.token
}

test('a code pairs one device, whose token finds it', () => {
  const store = open()
  const {code, expiresAt} = store.createCode({...phone, isReadOnly: true})
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(expiresAt).toBe(at + 300_000)
  expect(store.codeState(code)).toEqual({kind: 'open'})
  const outcome = store.redeem(code, 'phone')
  const device = {id: 1, name: 'phone', isReadOnly: true, createdAt: at, lastSeenAt: at, expiresAt: at + 7 * day}
  expect(outcome).toEqual({kind: 'paired', device, token: expect.stringMatching(/^[\w-]{43}$/) as string})
  expect(store.findDevice((outcome as {token: string}).token)).toEqual(device)
  expect(store.codeState(code)).toEqual({kind: 'used', device: 'phone'})
  expect(store.redeem(code, 'phone')).toEqual({kind: 'refused'})
  expect(store.devices()).toEqual([device])
})

test('a code is read as somebody types it: in small letters, without the hyphen, O for 0, I and L for 1', () => {
  const store = open()
  const {code} = store.createCode(phone)
  const typed = code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replace('1', 'i').replace('1', 'l')
  expect(store.redeem(typed, 'phone')).toMatchObject({kind: 'paired'})
})

test.each(['', 'AAAA-AAAA', 'AAAA-AAA', 'AAAA-AAAAA', 'ÄÄÄÄ-AAAA', 'x'.repeat(100_000)])(
  'what is no open code is refused: %.12s',
  (typed) => expect(open().redeem(typed, 'phone')).toEqual({kind: 'refused'}),
)

test('a code expires after 5 minutes, a device when it was told to', () => {
  const store = open()
  const [first, second] = [store.createCode(phone), store.createCode(phone)]
  at += 299_999
  const outcome = store.redeem(first.code, 'phone')
  const {token} = outcome as {token: string}
  at += 1
  expect(store.codeState(second.code)).toEqual({kind: 'void'})
  expect(store.redeem(second.code, 'phone')).toEqual({kind: 'refused'})
  at += 7 * day - 2
  expect(store.findDevice(token)?.name).toBe('phone')
  at += 1
  expect(store.findDevice(token)).toBeUndefined()
  expect(store.devices()).toEqual([])
})

test('of many processes that use a code at once, one gets a device', async () => {
  const {code} = open().createCode(phone)
  const fixture = fileURLToPath(new URL('fixtures/redeem-together.ts', import.meta.url))
  const options = ['--conditions=holdfast-source', fixture, file, code, String(at)]
  const children = Array.from({length: 6}, () =>
    spawn(process.execPath, options, {stdio: ['pipe', 'pipe', 'inherit'], timeout: 20_000}),
  )
  await Promise.all(children.map(({stdout}) => once(stdout, 'data')))
  const outcomes = children.map(({stdout}) => once(stdout, 'data').then(([chunk]) => String(chunk).trim()))
  for (const {stdin} of children) stdin.end()
  const kinds = (await Promise.all(outcomes)).toSorted()
  expect(kinds).toEqual(['paired', 'refused', 'refused', 'refused', 'refused', 'refused'])
  expect(open().devices()).toHaveLength(1)
})

test('a name that exists gets a number, and no device has that of another actor', () => {
  const store = open()
  for (const name of ['phone', 'Phone', 'phone', 'token', 'User']) pair(store, name)
  expect(store.devices().map(({name}) => name)).toEqual(['phone', 'Phone 2', 'phone 3', 'token 2', 'User 2'])
})

test('a name is one short line that a terminal can show', () => {
  const store = open()
  for (const name of ['\x1b[31mred\x07', 'a\u202Eb\u200Bc\nd', ' \t', 'ü'.repeat(100), '📱 Pixel']) pair(store, name)
  expect(store.devices().map(({name}) => name)).toEqual(['[31mred', 'a b c d', 'device', 'ü'.repeat(40), '📱 Pixel'])
})

test('the one who makes a code may name its device', () => {
  const store = open()
  store.redeem(store.createCode({...phone, name: 'kitchen'}).code, 'Safari')
  expect(store.devices()).toMatchObject([{name: 'kitchen'}])
})

test('another process sees at once that a device was revoked, and a new one of the same name has another id', () => {
  const [serving, revoking] = [open(), open()]
  const token = pair(serving, 'phone')
  expect(revoking.revoke('phone')).toBe(true)
  expect(serving.devices()).toEqual([])
  expect(serving.findDevice(token)).toBeUndefined()
  expect(revoking.revoke('phone')).toBe(false)
  pair(serving, 'phone')
  expect(serving.devices()).toMatchObject([{id: 2, name: 'phone'}])
})

test('of many codes, the oldest is void; a device too many is refused, and its code stays open', () => {
  const store = open({maxCodes: 2, maxDevices: 2})
  const codes = [1, 2, 3].map(() => store.createCode(phone).code)
  expect(codes.map((code) => store.codeState(code).kind)).toEqual(['void', 'open', 'open'])
  pair(store, 'one')
  const {code} = store.createCode(phone)
  pair(store, 'two')
  expect(store.redeem(code, 'three')).toEqual({kind: 'too-many-devices'})
  expect(() => store.createCode(phone)).toThrow(
    expect.objectContaining({name: 'AccessError', code: 'too-many-devices'}) as Error,
  )
  store.revoke('one')
  expect(store.redeem(code, 'three')).toMatchObject({kind: 'paired'})
})

test('when a device was last seen is written once a minute', () => {
  const store = open()
  pair(store, 'phone')
  const pairedAt = at
  at += 59_999
  store.markSeen(1)
  expect(store.devices()).toMatchObject([{lastSeenAt: pairedAt}])
  at += 1
  store.markSeen(1)
  expect(store.devices()).toMatchObject([{lastSeenAt: at}])
})

test('a file that another process writes to delays nobody: the device is noted the next time', () => {
  const store = open()
  pair(store, 'phone')
  at += 60_000
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  const startedAt = performance.now()
  store.markSeen(1)
  expect(performance.now() - startedAt).toBeLessThan(500)
  expect(store.devices()).toMatchObject([{lastSeenAt: at - 60_000}])
  other.exec('ROLLBACK; BEGIN IMMEDIATE')
  // What the user waits for still waits for that process.
  expect(() => store.revoke('phone')).toThrow('database is locked')
  expect(performance.now() - startedAt).toBeGreaterThan(900)
  other.close()
  store.markSeen(1)
  expect(store.devices()).toMatchObject([{lastSeenAt: at}])
})

test('no file has a code or a token, and only its user can read them', () => {
  const store = open()
  const {code} = store.createCode(phone)
  const token = pair(store, 'phone')
  for (const name of readdirSync(folder)) {
    const text = readFileSync(`${folder}/${name}`, 'latin1')
    for (const secret of [code, code.replace('-', ''), token]) expect(text).not.toContain(secret)
    expect((statSync(`${folder}/${name}`).mode & 0o777).toString(8)).toBe('600')
  }
})

test('a reader waits for no writer that was stopped', () => {
  const store = open()
  const token = pair(store, 'phone')
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE; DELETE FROM devices')
  expect(store.findDevice(token)?.name).toBe('phone')
  other.close()
})

test('a file that is no database, or of a later version, is an error that names it', () => {
  writeFileSync(file, 'no database, but long enough to be looked at'.repeat(100))
  expect(() => open()).toThrow(
    expect.objectContaining({name: 'AccessError', code: 'unreadable', message: expect.stringContaining(file)}) as Error,
  )
  rmSync(file)
  open()
  const other = new DatabaseSync(file)
  other.exec('PRAGMA user_version = 2')
  other.close()
  expect(() => open()).toThrow(expect.objectContaining({code: 'newer'}) as Error)
})
