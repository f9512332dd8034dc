import type {EphemeralEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createAttachedPeers} from '../src/server/attached-peers.ts'
import {openSession} from './fixtures/open-session.ts'

/** A peer that queues everything until the test drains it. */
function openPeer() {
  const outputs: Extract<EphemeralEvent, {type: 'attach.output'}>['payload'][] = []
  let queuedBytes = 0
  let room = Promise.withResolvers<void>()
  return {
    outputs,
    paints: () => outputs.filter(({repaint}) => repaint === true).length,
    peer: {
      notify(_method: string, event: unknown) {
        const {payload} = event as Extract<EphemeralEvent, {type: 'attach.output'}>
        outputs.push(payload)
        queuedBytes += payload.text?.length ?? 0
        return true
      },
      get queuedBytes() {
        return queuedBytes
      },
      drained: () => room.promise,
    },
    async catchUp() {
      queuedBytes = 0
      room.resolve()
      room = Promise.withResolvers()
      await new Promise(setImmediate)
    },
  }
}

function attach() {
  const {agent, session} = openSession()
  session.submit({promptId: 'a', text: 'vim'})
  const client = openPeer()
  const attached = createAttachedPeers('0000000000', () => session.attachments)
  const size = {cols: 400, rows: 400}
  // Each cell has a colour of its own.
  const screen = Array.from({length: size.cols * size.rows}, (_, at) => `\u001b[38;2;${at % 255};1;2mx`).join('')
  agent.print(screen)
  attached.start(client.peer, {session_id: '0000000000', attach_id: 'one', ...size})
  agent.print(screen)
  return {agent, client}
}

test('a screen that is larger than the bound of a slow peer is sent once, not again and again', async () => {
  const {agent, client} = attach()
  await expect.poll(client.paints).toBe(1)
  expect(client.peer.queuedBytes).toBeGreaterThan(1024 * 1024)
  for (let turn = 0; turn < 5; turn++) await client.catchUp()
  agent.print('and on')
  await expect.poll(() => client.outputs.at(-1)?.text?.slice(-10)).toBe('and on')
  expect(client.paints()).toBe(1)
})

test('a peer that missed output gets the whole screen once it has caught up', async () => {
  const {agent, client} = attach()
  await expect.poll(client.paints).toBe(1)
  // The peer reads nothing: its queue stays as it is.
  const before = client.outputs.length
  for (let line = 0; line < 3; line++) {
    agent.print('missed')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(client.outputs).toHaveLength(before)
  await client.catchUp()
  await expect.poll(client.paints).toBe(2)
  expect(client.outputs.at(-1)?.text?.includes('missed')).toBe(true)
})
