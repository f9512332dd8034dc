import {attachWindowBytes, type EphemeralEvent} from '@holdfast/protocol'
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

async function attach({lossless = false} = {}) {
  const size = {cols: 400, rows: 400}
  const {agent, session} = openSession({size})
  session.submit({promptId: 'a', text: 'vim'})
  const client = openPeer()
  const attached = createAttachedPeers('0000000000', () => session.attachments)
  // Each cell has a colour of its own.
  const screen = Array.from({length: size.cols * size.rows}, (_, at) => `\u001b[38;2;${at % 255};1;2mx`).join('')
  agent.print(screen.repeat(2))
  await attached.start(client.peer, {session_id: '0000000000', attach_id: 'one', ...size, lossless})
  return {agent, attached, client}
}

test('a screen that is larger than the bound of a slow peer is sent once, not again and again', async () => {
  const {agent, client} = await attach()
  await expect.poll(client.paints).toBe(1)
  expect(client.peer.queuedBytes).toBeGreaterThan(1024 * 1024)
  for (let turn = 0; turn < 5; turn++) await client.catchUp()
  agent.print('and on')
  await expect.poll(() => client.outputs.at(-1)?.text?.slice(-10)).toBe('and on')
  expect(client.paints()).toBe(1)
})

test('a peer that missed output gets the whole screen once it has caught up', async () => {
  const {agent, client} = await attach()
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

test('where a peer must miss nothing, the program waits until it has taken the output', async () => {
  const {agent, attached, client} = await attach({lossless: true})
  await expect.poll(client.paints).toBe(1)
  const sent = () => client.outputs.reduce((sum, {text = ''}) => sum + text.length, 0)
  await expect.poll(() => agent.isPaused).toBe(true)
  // Wherever the output is: an empty queue of the host does not say that the peer has it.
  await client.catchUp()
  attached.stop(client.peer)
  agent.print('not missed')
  await expect.poll(() => client.outputs.at(-1)).toMatchObject({text: 'not missed', lossless: true})
  attached.taken('one', sent() - attachWindowBytes - 1)
  expect(agent.isPaused).toBe(true)
  attached.taken('one', sent() - attachWindowBytes)
  expect(agent.isPaused).toBe(false)
  // The same attachment again, for the whole screen.
  await attached.start(client.peer, {session_id: '0000000000', attach_id: 'one', cols: 400, rows: 400, lossless: true})
  await expect.poll(client.paints).toBe(2)
  expect(agent.isPaused).toBe(true)
  attached.taken('one', sent())
  expect(agent.isPaused).toBe(false)
})

test('a peer that is gone before the terminal was loaded is not attached', async () => {
  const {agent, session} = openSession()
  session.submit({promptId: 'a', text: 'vim'})
  const {peer} = openPeer()
  const attached = createAttachedPeers('0000000000', () => session.attachments)
  const starting = attached.start(peer, {session_id: '0000000000', attach_id: 'one', cols: 80, rows: 24})
  attached.remove(peer)
  await expect(starting).rejects.toThrow('detached before it was attached')
  expect(session.attachments.attached).toBeUndefined()
  await agent.finish()
})

test('where two peers start at once, each of them is detached when it is gone', async () => {
  const {agent, session} = openSession()
  session.submit({promptId: 'a', text: 'vim'})
  const [one, two] = [openPeer(), openPeer()]
  const attached = createAttachedPeers('0000000000', () => session.attachments)
  const start = ({peer}: typeof one, id: string) =>
    attached.start(peer, {session_id: '0000000000', attach_id: id, cols: 80, rows: 24, lossless: true})
  const starting = [start(one, 'one'), start(two, 'two')] as const
  attached.remove(two.peer)
  await expect(starting[1]).rejects.toThrow('detached before it was attached')
  await starting[0]
  expect(attached.peer).toBe(one.peer)
  agent.print('x'.repeat(attachWindowBytes + 1))
  await expect.poll(() => agent.isPaused).toBe(true)
  attached.remove(one.peer)
  expect([session.attachments.attached, agent.isPaused]).toEqual([undefined, false])
  await agent.finish()
})
