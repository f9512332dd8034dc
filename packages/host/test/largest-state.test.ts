import {mkdtempSync, rmSync} from 'node:fs'

import {createMemoryLog} from '@holdfast/event-log'
import {createSessionId, errorCodes, maxMessageBytes, maxStateBytes, parseResult} from '@holdfast/protocol'
import {createConnection, isRpcError, isTransportError, type Connection} from '@holdfast/rpc'
import {connectSocket, listenSocket} from '@holdfast/transport/socket'
import {expect, test} from 'vitest'

import {createSessionServer} from '../src/server/session-server.ts'
import {createSession} from '../src/session/create-session.ts'
import type {Session} from '../src/session/session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

/** A session behind a real socket, with the limits of real messages. */
async function serveSession() {
  const session_id = createSessionId()
  const folder = mkdtempSync('/tmp/hf-state-')
  const log = createMemoryLog({sessionId: session_id})
  const agent = createHandDrivenAgent()
  let session: Session | undefined
  const server = createSessionServer({
    sessionId: session_id,
    version: '1.2.3',
    current: () => (session === undefined ? undefined : {session, log}),
    create({cwd = '/', title = ''}) {
      log.append([{type: 'session.info', payload: {title, agent: 'shell', cwd, created_at: 1}}])
      const onFault = (error: unknown) => {
        throw error
      }
      session = createSession({log, agent, onAppend: () => server.wake(), onFault})
    },
    onClosed() {},
  })
  const listener = await listenSocket(`${folder}/s`, (transport) => server.serve(transport))
  const peers: Connection[] = []
  return {
    session_id,
    agent,
    async connect() {
      const peer = createConnection(await connectSocket(`${folder}/s`))
      peers.push(peer)
      return peer
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(peers.map((peer) => peer.close()))
      await listener.close()
      rmSync(folder, {recursive: true})
    },
  }
}

/** Does something with more and more characters for as long as that is accepted. Returns the largest accepted number. */
async function fill(use: (count: number) => unknown): Promise<number> {
  let accepted = 0
  for (let step = 4 * 1024 * 1024; step >= 1024; step /= 2) {
    try {
      await use(accepted + step)
      accepted += step
    } catch (error) {
      // A session that cannot be asked any more fails with another code.
      const isRefused = isRpcError(error) && refusals.has(error.code)
      if (!isRefused && !isTransportError(error)) throw error
    }
  }
  return accepted
}

const refusals: ReadonlySet<number> = new Set([-32602, errorCodes.tooLarge, errorCodes.notAllowed])

test.each([
  ['ASCII', 'a'],
  ['CJK characters', '文'],
  ['emoji', '😀'],
  ['control characters', '\u0001'],
])(
  'a client can open a session that holds as much as is accepted, in %s',
  {timeout: 60_000},
  async (_what, character) => {
    await using served = await serveSession()
    const {session_id, agent} = served
    const peer = await served.connect()
    const stateOf = async (from: Connection) =>
      parseResult('session.resume', await from.request('session.resume', {session_id, after_seq: -1}))
    let ids = 0
    const nextId = () => character.repeat(60) + String(ids++)
    const submit = async (text: string) => await peer.request('prompt.submit', {session_id, prompt_id: nextId(), text})

    await peer.request('session.create', {cwd: `/${character.repeat(2000)}`, title: character.repeat(80)})
    const longest = await fill(async (count) => {
      await submit(character.repeat(count))
      await agent.finish()
    })
    await submit(character.repeat(longest))
    for (let count = 0; count < 256; count++) await submit(character)
    await expect(submit(character)).rejects.toMatchObject({code: errorCodes.notAllowed})
    for (const {prompt_id} of (await stateOf(peer)).state.queue.slice(0, 4)) {
      await fill(async (count) => {
        await peer.request('prompt.update', {session_id, prompt_id, text: character.repeat(count)})
      })
    }
    await fill(async (count) => await peer.request('draft.set', {session_id, text: character.repeat(count)}))
    const choices = [{id: nextId(), label: character.repeat(60)}]
    for (let count = 0; count < 3; count++)
      await fill((length) => agent.ask({approvalId: nextId(), title: character.repeat(length), choices}))

    const opened = await served.connect()
    const {state} = await stateOf(opened)
    expect(state.running?.text).toHaveLength(character.length * longest)
    expect(state.queue).toHaveLength(256)
    expect(state.draft).not.toBe('')
    expect(state.approvals).not.toEqual([])
    const bytes = Buffer.byteLength(JSON.stringify(state))
    expect(bytes).toBeLessThan(maxStateBytes)
    expect(maxStateBytes).toBeLessThan(maxMessageBytes / 2)
  },
)
