import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {connect} from 'node:net'
import {expect, test} from 'vitest'
import {createReadBudget} from '../src/messages/read-budget.ts'
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
