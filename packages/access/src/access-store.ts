import {AccessError} from './access-error.ts'
import {cleanName, freeName} from './device-name.ts'
import {inTransaction, openDatabase, unlessLocked} from './open-database.ts'
import {createCode, createToken, digest, readCode} from './secrets.ts'

export interface AccessStoreOptions {
  /** The time, epoch ms. @default Date.now */
  now?: () => number
  /** How long a code is valid, ms. @default 300_000 */
  codeMs?: number
  /** Codes that are kept at the same time: one more replaces the oldest. @default 8 */
  maxCodes?: number
  /** @default 64 */
  maxDevices?: number
}

export interface NewCode {
  /** The name of the device. @default the one that it gives itself */
  name?: string | undefined
  isReadOnly: boolean
  /** How long the device may connect, ms. */
  deviceMs: number
}

export interface Device {
  /** Never used again, so that a device which was revoked is no other one of the same name. */
  readonly id: number
  readonly name: string
  readonly isReadOnly: boolean
  /** These are epoch ms. */
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
}

export type PairingOutcome =
  | {kind: 'paired'; device: Device; token: string}
  /** The code is wrong, was used, or has expired: which of them is not told. */
  | {kind: 'refused'}
  | {kind: 'too-many-devices'}

/** `void`: it has expired, or others have replaced it. */
export type CodeState = {kind: 'open'} | {kind: 'used'; device: string} | {kind: 'void'}

/** The credentials of a server. Several processes may have the same file open. Calls are synchronous, and throw the errors of SQLite. */
export interface AccessStore {
  /** A code that pairs one device, such as `K7QD-2M9X`. Throws an `AccessError` if there are too many devices. */
  createCode(code: NewCode): {code: string; expiresAt: number}
  codeState(code: string): CodeState
  /** Makes a device, if the code is open. Of several that use it at once, one gets it. `name`: the one that the device gives itself. */
  redeem(code: string, name: string): PairingOutcome
  /** The device that has this token and has not expired. */
  findDevice(token: string): Device | undefined
  /** Those that have not expired, the oldest first. */
  devices(): Device[]
  /** Notes that a device connects, at most once a minute, and not while another process writes. Waits for nobody. */
  markSeen(id: number): void
  /** Returns whether there was such a device. */
  revoke(name: string): boolean
  close(): void
}

/** `markSeen` writes at most this often, ms. */
const seenEveryMs = 60_000

/** Opens the credentials in a file, which is created with mode 0600 if there is none. Throws an `AccessError` if it cannot be used. */
export function openAccessStore(file: string, options: AccessStoreOptions = {}): AccessStore {
  const {now = Date.now, codeMs = 300_000, maxCodes = 8, maxDevices = 64} = options
  const database = openDatabase(file)
  const select = (where: string) =>
    database.prepare(`SELECT id, name, is_read_only, created_at, last_seen_at, expires_at FROM devices ${where}`)
  const [byToken, all] = [select('WHERE token_hash = ? AND expires_at > ?'), select('WHERE expires_at > ? ORDER BY id')]
  const byCode = database.prepare('SELECT * FROM codes WHERE hash = ? AND expires_at > ?')

  const findCode = (typed: string): CodeRow | undefined => {
    const code = readCode(typed)
    return code === undefined ? undefined : (byCode.get(digest(code), now()) as CodeRow | undefined)
  }
  const devices = (): Device[] => (all.all(now()) as unknown as DeviceRow[]).map(toDevice)
  const removeExpired = () => {
    database.prepare('DELETE FROM codes WHERE expires_at <= ?').run(now())
    database.prepare('DELETE FROM devices WHERE expires_at <= ?').run(now())
  }

  return {
    createCode({name, isReadOnly, deviceMs}) {
      const code = createCode()
      const expiresAt = now() + codeMs
      inTransaction(database, () => {
        removeExpired()
        if (devices().length >= maxDevices) throw tooManyDevices(maxDevices)
        database
          .prepare('DELETE FROM codes WHERE id NOT IN (SELECT id FROM codes ORDER BY id DESC LIMIT ?)')
          .run(maxCodes - 1)
        database
          .prepare('INSERT INTO codes (hash, name, is_read_only, device_ms, expires_at) VALUES (?, ?, ?, ?, ?)')
          .run(digest(readCode(code)!), name ?? null, Number(isReadOnly), deviceMs, expiresAt)
      })
      return {code, expiresAt}
    },

    codeState(code) {
      const found = findCode(code)
      if (found === undefined) return {kind: 'void'}
      return found.device === null ? {kind: 'open'} : {kind: 'used', device: found.device}
    },

    redeem(code, ownName) {
      return inTransaction(database, (): PairingOutcome => {
        const found = findCode(code)
        if (found === undefined || found.device !== null) return {kind: 'refused'}
        removeExpired()
        const others = devices()
        if (others.length >= maxDevices) return {kind: 'too-many-devices'}
        const taken = others.map((device) => device.name)
        const name = freeName(cleanName(found.name ?? ownName), taken)
        const token = createToken()
        const at = now()
        const {lastInsertRowid} = database
          .prepare(
            'INSERT INTO devices (name, token_hash, is_read_only, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
          )
          .run(name, digest(token), found.is_read_only, at, at, at + found.device_ms)
        database.prepare('UPDATE codes SET device = ? WHERE id = ?').run(name, found.id)
        const device = devices().find(({id}) => id === Number(lastInsertRowid))!
        return {kind: 'paired', device, token}
      })
    },

    findDevice(token) {
      const row = byToken.get(digest(token), now()) as DeviceRow | undefined
      return row && toDevice(row)
    },
    devices,

    markSeen(id) {
      unlessLocked(database, () =>
        database
          .prepare('UPDATE devices SET last_seen_at = ? WHERE id = ? AND last_seen_at <= ?')
          .run(now(), id, now() - seenEveryMs),
      )
    },

    revoke: (name) => database.prepare('DELETE FROM devices WHERE name = ?').run(name).changes > 0,

    close: () => database.close(),
  }
}

interface CodeRow {
  id: number
  name: string | null
  is_read_only: number
  device_ms: number
  /** The name of the device that it has paired. */
  device: string | null
}

interface DeviceRow {
  id: number
  name: string
  is_read_only: number
  created_at: number
  last_seen_at: number
  expires_at: number
}

function toDevice({id, name, is_read_only, created_at, last_seen_at, expires_at}: DeviceRow): Device {
  return {
    id,
    name,
    isReadOnly: is_read_only === 1,
    createdAt: created_at,
    lastSeenAt: last_seen_at,
    expiresAt: expires_at,
  }
}

function tooManyDevices(maxDevices: number): AccessError {
  return new AccessError('too-many-devices', `there are ${maxDevices} devices, the most there may be: revoke one first`)
}
