import type {Client as SessionClient, ClientSession} from '@holdfast/client'
import {Client, InMemoryTransport} from '@modelcontextprotocol/client'
import {expect, test} from 'vitest'

import {serveMcp} from '../src/index.ts'

/** A `run` in work, at a session whose command does not end, and what is asked of that session. */
async function startRun(signal?: AbortSignal) {
  const steps: string[] = []
  const following = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const session: Partial<ClientSession> = {
    lastSeq: 1,
    // It ends when the wait for it is given up.
    events({signal: over} = {}) {
      const end = {done: true, value: undefined} as const
      const next = async () => {
        following.resolve()
        await new Promise((resolve) => over?.addEventListener('abort', resolve))
        return end
      }
      return {
        next,
        return: async () => end,
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
    interrupt: async ({promptId} = {}) => (steps.push(`interrupt ${promptId}`), false),
    withdraw: async (promptId) => (steps.push(`withdraw ${promptId}`), true),
    leave: async () => (steps.push('leave'), left.resolve()),
  }
  const payload = {title: 't', agent: 'shell', cwd: '/', created_at: 0, tags: ['mcp']}
  const sessions = {
    status: {kind: 'live'},
    async request(method: string, {types}: {types?: readonly string[]}) {
      if (method === 'prompt.submit') return steps.push('submit')
      const isInfo = types?.includes('session.info') === true
      return {events: isInfo ? [{type: 'session.info', session_id: '0123456789', seq: 1, at: 0, payload}] : []}
    },
    openSession: async () => session,
  } as unknown as SessionClient
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const server = serveMcp({client: sessions, version: '1.0.0', startFolder: '/', transport: theirs})
  const client = new Client({name: 'test', version: '1.0.0'})
  await client.connect(ours)
  const run = client
    .callTool({name: 'run', arguments: {session: '0123456789', command: 'make', id: 'build'}}, signal && {signal})
    .catch(() => undefined)
  await following.promise
  return {
    steps,
    client,
    ended: Promise.all([run, left.promise]),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

test('a cancelled call interrupts its run, or takes it out of the queue', async () => {
  const cancel = new AbortController()
  await using started = await startRun(cancel.signal)
  cancel.abort()
  await started.ended
  expect(started.steps).toEqual(['submit', 'interrupt build', 'withdraw build', 'leave'])
})

test('a client that leaves interrupts nothing', async () => {
  await using started = await startRun()
  await started.client.close()
  await started.ended
  expect(started.steps).toEqual(['submit', 'leave'])
})
