import {existsSync, readdirSync, writeFileSync} from 'node:fs'

import {errorCodes, homePaths, parseResult, sessionPaths, type NewEvent} from '@holdfast/protocol'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'

import {createGatewayHome, until, type GatewayHome, type TestClient} from './fixtures/gateway-home.ts'

vi.setConfig({testTimeout: 30_000})

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

  test('finds lines in all sessions, whether they live or are closed, without a host', async () => {
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

  test('gives so many lines of each session as were asked for, and says where there are more', async () => {
    home.createSession(...Array.from({length: 3000}, () => delta('needle\n')))
    const {sessions} = await search(home.connect(), ['needle'], 2)
    expect(sessions).toMatchObject([{has_more: true, hits: [{seq: 2}, {seq: 3}]}])
  })

  test('says which sessions could not be read, and goes on with the others', async () => {
    const good = home.createSession(delta('needle\n'))
    const bad = home.createSession()
    writeFileSync(sessionPaths(home.path, bad).log, 'x'.repeat(8192))
    const {sessions, unreadable} = await search(home.connect(), ['needle'])
    expect(sessions.map(({id}) => id)).toEqual([good])
    expect(unreadable).toEqual([bad])
  })

  test('others are answered while it looks', async () => {
    for (let count = 0; count < 20; count++) home.createSession(...Array.from({length: 500}, () => delta('x\n')))
    const {peer} = home.connect()
    const order: string[] = []
    const searching = peer.request('session.search', {words: ['needle']}).then(() => order.push('searched'))
    await peer.request('gateway.ping').then(() => order.push('answered'))
    await searching
    expect(order).toEqual(['answered', 'searched'])
  })

  test('words that are none are refused', async () => {
    await expect(home.connect().peer.request('session.search', {words: []})).rejects.toMatchObject({code: -32602})
  })
})

describe('deleting', () => {
  const remove = ({peer}: TestClient, session_id: string) => peer.request('session.delete', {session_id})

  test.each([
    ['closed', [closed]],
    ['stopped', []],
  ])('a %s session is gone, with all that was kept of it, and others stay', async (_state, events) => {
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

  test('a session that has a host is not deleted, and its client goes on to see it', async () => {
    const id = home.createSession()
    const client = home.connect()
    await client.peer.request('session.resume', {session_id: id, after_seq: 0})
    await expect(remove(client, id)).rejects.toMatchObject({
      code: errorCodes.notAllowed,
      message: `Expected session ${id} to be closed, or stopped, it is open: close it first`,
    })
    await client.peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'print 1'})
    await until(() => expect(client.events.at(-1)?.type).toBe('message.complete'))
  })

  test('a session whose host is about to go is deleted when it has gone', async () => {
    const id = home.createSession()
    const client = home.connect()
    await client.peer.request('session.resume', {session_id: id, after_seq: 0})
    await client.peer.request('session.close', {session_id: id})
    await expect(remove(client, id)).resolves.toEqual({})
  })

  test('what nobody can read can be deleted, too', async () => {
    const id = home.createSession()
    writeFileSync(sessionPaths(home.path, id).log, 'x'.repeat(8192))
    await expect(remove(home.connect(), id)).resolves.toEqual({})
  })
})
