import {existsSync, readdirSync, utimesSync, writeFileSync} from 'node:fs'

import {claimFile, deleteLog, homePaths, openSqliteLog, sessionPaths, writeClaimFile} from '@holdfast/event-log'
import {errorCodes, parseResult, type NewEvent} from '@holdfast/protocol'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {searchSessions} from '../src/stored-sessions/search-sessions.ts'
import {createSessionLogs, type SessionLogs} from '../src/stored-sessions/session-logs.ts'
import {summarizeSessions} from '../src/stored-sessions/summarize-sessions.ts'
import {createGatewayHome, until, type GatewayHome, type TestClient} from './fixtures/gateway-home.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(() => home[Symbol.asyncDispose]())

const delta = (text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id: 'p', text}})
const closed: NewEvent = {type: 'session.closed', payload: {reason: 'user'}}

describe('searching', () => {
  const search = async ({peer}: TestClient, words: string[], limit?: number) =>
    parseResult(
      'session.search',
      await peer.request('session.search', {words, ...(limit === undefined ? {} : {limit})}),
    )

  test('finds lines in open and closed sessions without a host', async () => {
    const first = home.createSession(delta('a needle\n'), closed)
    home.createSession(delta('nothing\n'))
    const second = home.createSession(delta('no\n'), delta('Needle again\nand a need'), delta('le\n'))
    const {sessions, unreadable} = await search(home.connect(), ['needle'])
    expect(sessions.map(({id, hits}) => ({id, texts: hits.map(({seq, text}) => `${seq} ${text}`)}))).toEqual(
      expect.arrayContaining([
        {id: first, texts: ['2 a needle']},
        {id: second, texts: ['3 Needle again', '4 and a needle']},
      ]),
    )
    expect(sessions).toHaveLength(2)
    expect(sessions[0]).toMatchObject({title: 'one', has_more: false})
    expect(unreadable).toEqual([])
    expect(home.starts()).toEqual([])
  })

  test('returns at most `limit` lines of each session, and whether there are more', async () => {
    home.createSession(...Array.from({length: 3000}, () => delta('needle\n')))
    const {sessions} = await search(home.connect(), ['needle'], 2)
    expect(sessions).toMatchObject([{has_more: true, hits: [{seq: 2}, {seq: 3}]}])
  })

  test('finds lines in output that has a million of them', async () => {
    home.createSession({type: 'message.start', payload: {prompt_id: 'p', text: 'yes'}}, delta('y\n'.repeat(1_000_000)))
    const {sessions, unreadable} = await search(home.connect(), ['y'], 3)
    expect(sessions).toMatchObject([{has_more: true, hits: [{text: 'y'}, {text: 'y'}, {text: 'y'}]}])
    expect(unreadable).toEqual([])
  })

  test('returns as many sessions as fit into one message, the last used ones, and whether more may match', async () => {
    const title = `needle ${'x'.repeat(4_000_000)}`
    const info = {title, agent: 'script', cwd: '/', created_at: 1}
    for (let count = 0; count < 4; count++) home.createSession({type: 'session.info', payload: info})
    const {sessions, has_more} = await search(home.connect(), ['needle'])
    expect(sessions).toHaveLength(2)
    expect(has_more).toBe(true)
  })

  test('lists the sessions that cannot be read, and searches the others', async () => {
    const good = home.createSession(delta('needle\n'))
    const bad = home.createSession()
    writeFileSync(sessionPaths(home.path, bad).log, 'x'.repeat(8192))
    const {sessions, unreadable} = await search(home.connect(), ['needle'])
    expect(sessions.map(({id}) => id)).toEqual([good])
    expect(unreadable).toEqual([bad])
  })

  test('lists a session of which some events are lost, with the hits of the others', async () => {
    const id = home.createSession(
      delta('needle one\nneed'),
      {type: 'event.lost', payload: {}},
      delta('le two\nneedle three\n'),
    )
    const {sessions, unreadable} = await search(home.connect(), ['needle'])
    expect(sessions.flatMap(({hits}) => hits.map(({text}) => text))).toEqual(['needle one', 'needle three'])
    expect(unreadable).toEqual([id])
  })

  test('leaves out a session that is deleted during the search, and its hits', async () => {
    const kept = home.createSession(delta('needle\n'))
    const deleted = home.createSession(...Array.from({length: 5000}, () => delta(`needle ${'x'.repeat(2000)}\n`)))
    const logs = createSessionLogs(home.path)
    let reads = 0
    const read: SessionLogs['read'] = (id, use) => {
      // After its first page.
      if (id === deleted && ++reads === 2) deleteLog(sessionPaths(home.path, id).log)
      return logs.read(id, use)
    }
    const {signal} = new AbortController()
    const options = {home: home.path, logs: {...logs, read}, words: ['needle'], limit: 10_000, signal}
    const {sessions, unreadable} = await searchSessions(options)
    expect(reads).toBe(2)
    expect(sessions.map(({id}) => id)).toEqual([kept])
    expect(unreadable).toEqual([])
  })

  test('other requests are answered during a search', async () => {
    for (let count = 0; count < 20; count++) home.createSession(...Array.from({length: 500}, () => delta('x\n')))
    const {peer} = home.connect()
    const order: string[] = []
    const searching = peer.request('session.search', {words: ['needle']}).then(() => order.push('searched'))
    await peer.request('gateway.ping').then(() => order.push('answered'))
    await searching
    expect(order).toEqual(['answered', 'searched'])
  })

  test('an empty list of words is rejected', async () => {
    await expect(home.connect().peer.request('session.search', {words: []})).rejects.toMatchObject({code: -32602})
  })
})

describe('listing', () => {
  test('sessions that do not fit into one message come in pages, each session once', async () => {
    const info = {title: 'x'.repeat(4_000_000), agent: 'script', cwd: '/', created_at: 1}
    const ids = Array.from({length: 5}, () => home.createSession({type: 'session.info', payload: info}))
    const {peer} = home.connect()
    const listed: string[] = []
    let pages = 0
    for (let after: string | undefined; pages < 10;) {
      const page = parseResult('session.list', await peer.request('session.list', {after}))
      pages++
      listed.push(...page.sessions.map(({id}) => id))
      if (page.next === undefined) break
      after = page.next
    }
    expect(listed.sort()).toEqual(ids.sort())
    expect(pages).toBe(3)
  })

  test('asks a bounded number of hosts at a time', async () => {
    const ids = Array.from({length: 60}, () => home.createSession())
    let [asked, atOnce] = [0, 0]
    const isAlive = async () => {
      atOnce = Math.max(atOnce, ++asked)
      await new Promise(setImmediate)
      asked--
      return true
    }
    const {sessions} = await summarizeSessions({
      home: home.path,
      hosts: {isAlive, readState: async () => undefined},
      logs: createSessionLogs(home.path),
    })
    expect(sessions.filter(({state}) => state === 'idle')).toHaveLength(ids.length)
    expect(atOnce).toBe(32)
  })
})

describe('the history of prompts', () => {
  const start = (text: string): NewEvent => ({type: 'message.start', payload: {prompt_id: 'p', text}})
  const history = async ({peer}: TestClient, params: object = {}) =>
    parseResult('prompt.history', await peer.request('prompt.history', params))
  const texts = async (params?: object) => (await history(home.connect(), params)).prompts.map(({text}) => text)
  /** Creates a session whose prompts started at these times, and whose file has the last one as its time. */
  const sessionAt = (...prompts: [at: number, text: string][]) => {
    const id = home.createSession()
    const file = sessionPaths(home.path, id).log
    for (const [at, text] of prompts) {
      const log = openSqliteLog({file, sessionId: id, now: () => at})
      log.append([start(text)])
      log.close()
      utimesSync(file, at / 1000, at / 1000)
    }
    return id
  }

  test('has the prompts of all sessions, each text once, newest first, without a host', async () => {
    const first = sessionAt([1000, 'make'], [3000, 'ls'], [9000, 'make'])
    const second = sessionAt([2000, 'pwd'], [8000, 'ls'], [8500, 'top'])
    const {prompts, next} = await history(home.connect())
    expect(prompts).toEqual([
      {session_id: first, text: 'make', at: 9000},
      {session_id: second, text: 'top', at: 8500},
      {session_id: second, text: 'ls', at: 8000},
      {session_id: second, text: 'pwd', at: 2000},
    ])
    expect(next).toBeUndefined()
    expect(home.starts()).toEqual([])
  })

  test('contains an older prompt behind many repetitions of a newer one', async () => {
    const often: [number, string][] = [2000, 3000, 4000, 5000].map((at) => [at, 'make'])
    sessionAt([1000, 'ls'], ...often)
    expect(await texts({limit: 2})).toEqual(['make', 'ls'])
  })

  test('is returned in pages, with whether there are more', async () => {
    const all = Array.from({length: 50}, (_, index) => `echo ${index}`)
    for (let session = 0; session < 5; session++) {
      sessionAt(
        ...all.flatMap((text, index) => (index % 5 === session ? [[index * 5000, text] as [number, string]] : [])),
      )
    }
    const client = home.connect()
    const pages: string[] = []
    let before: number | undefined
    for (;;) {
      const {prompts, next} = await history(client, {limit: 7, ...(before === undefined ? {} : {before})})
      pages.push(...prompts.map(({text}) => text))
      before = next
      if (before === undefined) break
    }
    expect(pages).toEqual(all.toReversed())
  })

  test('has the history of the shell of a session, each command in its place, and those without a time last', async () => {
    const session = sessionAt([2000, 'pwd'], [8000, 'ls'])
    writeFileSync(
      `${home.path}/history`,
      ['make', ': 1:0; hidden', ': 7:0;ls', ': 3:0;top', ': 9:0;pwd', ': 9:0;id', 'cc', 'make'].join('\n') + '\n',
    )
    const {prompts, next} = await history(home.connect(), {session_id: session})
    // Its host ends what ran when the last one died.
    const ofLog = {session_id: session, status: 'interrupted'}
    expect(prompts).toEqual([
      {text: 'id', at: 9000},
      // The shell ran it again long after the session did.
      {text: 'pwd', at: 9000},
      {text: 'ls', at: 8000, ...ofLog},
      {text: 'top', at: 3000},
      {text: 'make'},
      {text: 'cc'},
    ])
    expect(next).toBeUndefined()
    const client = home.connect()
    const pages: string[] = []
    for (let before: number | undefined; ;) {
      const page = await history(client, {session_id: session, limit: 2, ...(before === undefined ? {} : {before})})
      pages.push(...page.prompts.map(({text}) => text))
      before = page.next
      if (before === undefined) break
    }
    expect([...new Set(pages)]).toEqual(['id', 'pwd', 'ls', 'top', 'make', 'cc'])
  })

  test('of a session whose host does not start has no history of a shell', async () => {
    const session = sessionAt([1000, 'ls'])
    const {prompts} = await history(home.connect({mode: 'fail'}), {session_id: session})
    expect(prompts.map(({text}) => text)).toEqual(['ls'])
  })

  test('leaves out deleted and unreadable sessions, and has all others', async () => {
    const deleted = sessionAt([1000, 'secret'])
    sessionAt([2000, 'ls'])
    const bad = sessionAt([3000, 'lost'])
    writeFileSync(sessionPaths(home.path, bad).log, 'x'.repeat(8192))
    const {peer} = home.connect()
    await peer.request('session.delete', {session_id: deleted})
    expect(await texts()).toEqual(['ls'])
  })

  test('leaves out prompts that begin with a blank', async () => {
    sessionAt([1000, 'ls'], [2000, ' export TOKEN=1'], [3000, '\tls'])
    expect(await texts()).toEqual(['ls'])
  })

  test('says in which folder a prompt ran, and how it ended the last time', async () => {
    const begin = (prompt_id: string, text: string): NewEvent => ({
      type: 'message.start',
      payload: {prompt_id, text, cwd: `/${prompt_id}`},
    })
    const end = (prompt_id: string, exit_code?: number): NewEvent => ({
      type: 'message.complete',
      payload: {prompt_id, status: exit_code === undefined ? 'interrupted' : 'complete', exit_code},
    })
    const sessionId = home.createSession()
    let at = 1000
    const log = openSqliteLog({file: sessionPaths(home.path, sessionId).log, sessionId, now: () => at++})
    log.append([begin('a', 'make'), end('a', 0)])
    log.append([begin('b', 'sleep 9'), end('b')])
    log.append([begin('c', 'vim')])
    log.append([begin('d', 'make'), end('d', 2)])
    log.close()
    const {prompts} = await history(home.connect())
    expect(prompts.map(({text, cwd, status, exit_code}) => [text, cwd, status, exit_code])).toEqual([
      ['make', '/d', 'complete', 2],
      ['vim', '/c', undefined, undefined],
      ['sleep 9', '/b', 'interrupted', undefined],
    ])
  })

  test('leaves out very long prompts', async () => {
    sessionAt([1000, 'ls'], [2000, 'x'.repeat(70_000)])
    expect(await texts()).toEqual(['ls'])
  })

  test('does not open logs that cannot contain a newer prompt', async () => {
    const old = sessionAt([1000, 'old'])
    writeFileSync(sessionPaths(home.path, old).log, '')
    utimesSync(sessionPaths(home.path, old).log, 1, 1)
    sessionAt([100_000, 'a'], [200_000, 'b'])
    const {prompts, next} = await history(home.connect(), {limit: 2})
    expect(prompts.map(({text}) => text)).toEqual(['b', 'a'])
    expect(next).toBe(100_000)
  })

  test('other requests are answered while it is read', async () => {
    for (let count = 0; count < 30; count++) sessionAt([count * 10_000, `echo ${count}`])
    const {peer} = home.connect()
    const order: string[] = []
    const reading = peer.request('prompt.history').then(() => order.push('read'))
    await peer.request('gateway.ping').then(() => order.push('answered'))
    await reading
    expect(order).toEqual(['answered', 'read'])
  })
})

describe('deleting', () => {
  const remove = ({peer}: TestClient, session_id: string) => peer.request('session.delete', {session_id})

  test.each([
    ['closed', [closed]],
    ['stopped', []],
  ])('removes all files of a %s session, and no others', async (_state, events) => {
    const id = home.createSession(...events)
    const other = home.createSession()
    const {log, stderr} = sessionPaths(home.path, id)
    for (const kept of [`${log}.format-1`, `${log}.damaged-1`, `${log}.damaged-1-wal`]) writeFileSync(kept, '')
    const client = home.connect()
    await expect(remove(client, id)).resolves.toEqual({})
    expect(readdirSync(homePaths(home.path).sessions).filter((name) => !name.startsWith(other))).toEqual([])
    expect(existsSync(stderr)).toBe(false)
    const notFound = {code: errorCodes.sessionNotFound, message: `There is no session ${id}`}
    await expect(client.peer.request('session.events', {session_id: id})).rejects.toMatchObject(notFound)
    await expect(remove(client, id)).rejects.toMatchObject(notFound)
    expect(await client.peer.request('session.list')).toMatchObject({sessions: [{id: other}]})
  })

  test('does not delete a session that has a host', async () => {
    const id = home.createSession()
    const client = home.connect()
    await client.peer.request('session.resume', {session_id: id, after_seq: 0})
    await expect(remove(client, id)).rejects.toMatchObject({
      code: errorCodes.notAllowed,
      message: `Session ${id} is open: close it first`,
    })
    await client.peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'print 1'})
    await until(() => expect(client.events.at(-1)?.type).toBe('message.complete'))
  })

  test('waits until the host of a closed session has exited', async () => {
    const id = home.createSession()
    const client = home.connect()
    await client.peer.request('session.resume', {session_id: id, after_seq: 0})
    await client.peer.request('session.close', {session_id: id})
    await expect(remove(client, id)).resolves.toEqual({})
  })

  test('deletes a session that cannot be read', async () => {
    const id = home.createSession()
    writeFileSync(sessionPaths(home.path, id).log, 'x'.repeat(8192))
    await expect(remove(home.connect(), id)).resolves.toEqual({})
  })
})

describe('in a fleet that promises to show only what the cluster has', () => {
  const claim = {fleet: 'main', machine: 'box', epoch: 1, through: 3} as const

  test('events, search and history end there, and the session can still be opened', async () => {
    const id = home.createSession(
      {type: 'message.start', payload: {prompt_id: 'p', text: 'one'}},
      delta('needle one\n'),
      delta('needle two\n'),
      {type: 'message.start', payload: {prompt_id: 'q', text: 'two'}},
    )
    const file = claimFile(sessionPaths(home.path, id).log)
    const {peer} = home.connect()
    const read = async () => {
      const {latest_seq} = parseResult('session.events', await peer.request('session.events', {session_id: id}))
      const found = parseResult('session.search', await peer.request('session.search', {words: ['needle']}))
      const {prompts} = parseResult('prompt.history', await peer.request('prompt.history'))
      return {latest_seq, hits: found.sessions.flatMap(({hits}) => hits.length), texts: prompts.map(({text}) => text)}
    }
    const titles = async () =>
      parseResult('session.list', await peer.request('session.list')).sessions.map(({title}) => title)
    writeClaimFile(file, {...claim, promise: 'replicated'})
    expect(await titles()).toEqual(['one'])
    expect(await read()).toEqual({latest_seq: 3, hits: [1], texts: ['one']})
    writeClaimFile(file, {...claim, promise: 'replicated', through: 0})
    expect(await titles()).toEqual([])
    writeClaimFile(file, {...claim, promise: 'local'})
    expect(await read()).toEqual({latest_seq: 5, hits: [2], texts: ['two', 'one']})
    expect(createSessionLogs(home.path, {isForFleet: true}).read(id, (log) => log.latestSeq)).toBe(3)

    // Its host was killed before it noted the first event.
    writeClaimFile(file, {...claim, promise: 'replicated', through: 0})
    expect(createSessionLogs(home.path).isOpen(id)).toBe(true)
  })
})
