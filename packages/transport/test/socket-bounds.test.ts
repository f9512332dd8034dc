import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {connect} from 'node:net'
import type {Transport} from '@holdfast/rpc'
import {expect, test} from 'vitest'
import {createReadBudget, createWriteBudget} from '../src/messages/peer-budget.ts'
import {connectSocket, listenSocket} from '../src/socket.ts'

test('peers lose their unfinished lines once those of all are too large together', async () => {
  const folder = mkdtempSync('/tmp/hf-bounds-')
  const path = `${folder}/s`
  const received: unknown[] = []
  const reasons: unknown[] = []
  const listener = await listenSocket(
    path,
    (transport) => {
      transport.listen({message: (message) => received.push(message)})
      void transport.closed.then((reason) => reasons.push(reason))
    },
    {readBudget: createReadBudget(1_000_000)},
  )
  const peers = await Promise.all(
    Array.from({length: 40}, async () => {
      const socket = connect(path)
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.resume().write('x'.repeat(100_000))
      return socket
    }),
  )
  try {
    await expect.poll(() => peers.filter((socket) => !socket.closed).length).toBeLessThanOrEqual(10)
    expect(reasons[0]).toMatchObject({by: 'fault', message: expect.stringMatching(/unfinished message of \d+ bytes/)})
    const peer = await connectSocket(path)
    peer.write({jsonrpc: '2.0', method: 'ping', params: {text: 'x'.repeat(400_000)}})
    await expect.poll(() => received).toHaveLength(1)
    await peer.close()
  } finally {
    for (const socket of peers) socket.destroy()
    await listener.close()
    rmSync(folder, {recursive: true})
  }
})

test('24 peers that do not read leave no more unread than all together may; those that stalled first are ended', async () => {
  const folder = mkdtempSync('/tmp/hf-bounds-')
  const path = `${folder}/s`
  const accepted: Transport[] = []
  const reasons: unknown[] = []
  const maxBytes = 16 * 1024 * 1024
  const listener = await listenSocket(
    path,
    (transport) => {
      accepted.push(transport)
      transport.listen({message() {}})
      void transport.closed.then((reason) => reasons.push(reason))
    },
    {writeBudget: createWriteBudget(maxBytes)},
  )
  const reader = await connectSocket(path)
  const received: unknown[] = []
  reader.listen({message: (message) => received.push(message)})
  const peers = await Promise.all(
    Array.from({length: 24}, async () => {
      const socket = connect(path).pause()
      socket.on('error', () => {})
      await once(socket, 'connect')
      return socket
    }),
  )
  await expect.poll(() => accepted).toHaveLength(25)
  const answer = {jsonrpc: '2.0', method: 'answer', params: {text: 'x'.repeat(2_000_000)}} as const
  const unread = () => accepted.reduce((sum, {queuedBytes}) => sum + queuedBytes, 0)
  try {
    let mostUnread = 0
    for (let round = 1; round <= 3; round++) {
      for (const transport of accepted) {
        transport.write(answer)
        // The peer that reads is the first one.
        await expect.poll(() => received.length, {interval: 1}).toBe(round)
        await new Promise(setImmediate)
        mostUnread = Math.max(mostUnread, unread())
      }
    }
    expect(mostUnread).toBeLessThanOrEqual(maxBytes)
    expect(mostUnread).toBeGreaterThan(maxBytes / 2)
    expect(reasons.length).toBeGreaterThanOrEqual(16)
    for (const reason of reasons) {
      expect(reason).toMatchObject({
        by: 'fault',
        message: expect.stringMatching(/^it left \d+ bytes unread/) as string,
      })
    }
  } finally {
    for (const socket of peers) socket.destroy()
    await reader.close()
    await listener.close()
    rmSync(folder, {recursive: true})
  }
})
