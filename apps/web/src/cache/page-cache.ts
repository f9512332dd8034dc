import type {LoggedEvent} from '@holdfast/client'
import type {SessionState, SessionSummary} from '@holdfast/protocol'

import {forgetUnsavedDrafts, keepUnsavedDraft, readUnsavedDraft, type UnsavedDraft} from './unsaved-drafts.ts'

/** The end of a session's log, as it was when the page last saw it. */
export interface CachedSession {
  id: string
  events: readonly LoggedEvent[]
  state: SessionState
  /** Epoch ms. */
  savedAt: number
}

/** What the page keeps on this device to show it without a connection. No function rejects: without a cache, the page works as well. */
export interface PageCache {
  readSession(id: string): Promise<CachedSession | undefined>
  writeSession(session: CachedSession): Promise<void>
  forget(id: string): Promise<void>
  readList(): Promise<readonly SessionSummary[] | undefined>
  writeList(sessions: readonly SessionSummary[]): Promise<void>
  /** What was typed while it could not be sent to the host. `undefined`: nothing, any more. */
  keepUnsaved(id: string, draft: UnsavedDraft | undefined): void
  readUnsaved(id: string): UnsavedDraft | undefined
  /** Removes all of it, and keeps nothing more until `begin`. */
  clear(): Promise<void>
  /** This device is paired again. */
  begin(): void
}

const name = 'holdfast'
const version = 1
/** Sessions that are kept; of more, the one that was saved longest ago goes. */
const maxSessions = 12

export function openPageCache(): PageCache {
  let opened: Promise<IDBDatabase> | undefined
  let isCleared = false

  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, version)
      request.addEventListener('upgradeneeded', () => {
        const {result: database} = request
        database.createObjectStore('sessions', {keyPath: 'id'}).createIndex('savedAt', 'savedAt')
        database.createObjectStore('list')
      })
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error ?? new Error('The cache cannot be opened')))
    })
    return opened
  }
  /** A private window has no database, and a full disk takes nothing. */
  const attempt = async <Result>(work: (database: IDBDatabase) => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work(await open())
    } catch {
      return undefined
    }
  }

  /** What is still shown when the server refuses this device must not be saved behind `clear`. */
  const write = async (work: (database: IDBDatabase) => Promise<unknown>): Promise<void> => {
    await attempt(async (database) => {
      if (!isCleared) await work(database)
    })
  }

  return {
    readSession: (id) =>
      attempt((database) =>
        done(database.transaction('sessions').objectStore('sessions').get(id) as IDBRequest<CachedSession | undefined>),
      ),
    writeSession: (session) =>
      write(async (database) => {
        const store = database.transaction('sessions', 'readwrite').objectStore('sessions')
        await done(store.put(session))
        const keys = await done(store.index('savedAt').getAllKeys())
        for (const key of keys.slice(0, Math.max(0, keys.length - maxSessions))) store.delete(key)
      }),
    async forget(id) {
      await attempt((database) =>
        done(database.transaction('sessions', 'readwrite').objectStore('sessions').delete(id)),
      )
    },
    readList: () =>
      attempt((database) =>
        done(
          database.transaction('list').objectStore('list').get('all') as IDBRequest<
            readonly SessionSummary[] | undefined
          >,
        ),
      ),
    writeList: (sessions) =>
      write((database) => done(database.transaction('list', 'readwrite').objectStore('list').put(sessions, 'all'))),
    keepUnsaved(id, draft) {
      if (!isCleared) keepUnsavedDraft(id, draft)
    },
    readUnsaved: readUnsavedDraft,
    async clear() {
      isCleared = true
      forgetUnsavedDrafts()
      await attempt(async (database) => {
        const transaction = database.transaction(['sessions', 'list'], 'readwrite')
        await Promise.all([
          done(transaction.objectStore('sessions').clear()),
          done(transaction.objectStore('list').clear()),
        ])
      })
    },
    begin: () => void (isCleared = false),
  }
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('The cache cannot be read')))
  })
}
