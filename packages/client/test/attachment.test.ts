import {attachWindowBytes, errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {openClient, settle, watch} from './fixtures/open-client.ts'

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']}))
afterEach(() => void vi.useRealTimers())

async function attach({isLossless = false, shown}: {isLossless?: boolean; shown?: Promise<void>} = {}) {
  const opened = openClient()
  const {gateway} = opened
  const {id, session} = await watch(opened)
  const seen: string[] = []
  const attachment = await session.attach({
    size: {cols: 80, rows: 24},
    isLossless,
    onOutput(data, {isRepaint}) {
      seen.push(`${isRepaint ? 'paint ' : ''}${Buffer.from(data).toString()}`)
      return shown
    },
  })
  const attachId = () => gateway.requestsOf('attach.start').at(-1)!['attach_id'] as string
  const say = async (text: string, attach_id = attachId(), repaint?: true) => {
    gateway.say({type: 'attach.output', session_id: id, payload: {attach_id, text, repaint}})
    await settle()
  }
  return {gateway, id, session, attachment, seen, attachId, say}
}

test('onOutput gets the output of this attachment only', async () => {
  const {attachment, seen, say} = await attach()
  await say('screen', undefined, true)
  await say('x')
  await say('for another attachment', 'other')
  expect(seen).toEqual(['paint screen', 'x'])
  expect(attachment.promptId).toBe('p')
})

test('input that the host refuses, as the program has ended, is returned; input that is lost with the connection is not', async () => {
  const {gateway, attachment} = await attach()
  const refusal = new RpcError(errorCodes.notAllowed, 'No program is running')
  expect(await attachment.refused()).toEqual([])
  attachment.input(Buffer.from('taken'))
  await settle()
  gateway.script('session.input', refusal, refusal, 'crash-before')
  for (const text of ['one', 'two']) attachment.input(Buffer.from(text))
  await attachment.refused()
  attachment.input(Buffer.from('lost'))
  expect(Buffer.concat(await attachment.refused()).toString()).toBe('onetwo')
})

test('a new connection attaches again, in the last size, and the loss of the old one does not end the attachment', async () => {
  const {gateway, id, attachment, seen, attachId, say} = await attach()
  const before = attachId()
  attachment.resize({cols: 100, rows: 30})
  await settle()
  gateway.kill()
  const payload = {prompt_id: 'p', attach_id: before, reason: 'client-gone', duration_ms: 1}
  gateway.append(id, {type: 'attach.end', payload})
  await vi.advanceTimersByTimeAsync(5000)
  expect(gateway.requestsOf('attach.start').at(-1)).toMatchObject({cols: 100, rows: 30})
  expect(attachId()).not.toBe(before)
  await say('again', undefined, true)
  expect(seen).toEqual(['paint again'])
})

test('keys that are typed while the connection is lost are dropped, and do not reach the program later', async () => {
  const {gateway, attachment} = await attach()
  gateway.scriptStarts('silence')
  gateway.kill()
  await settle()
  attachment.input(Buffer.from('unseen'))
  await vi.advanceTimersByTimeAsync(20_000)
  attachment.input(Buffer.from('seen'))
  await settle()
  expect(gateway.requestsOf('session.input').map(({text}) => text)).toEqual(['seen'])
})

test('after a recovery, a terminal that the host attaches to the next program is detached again', async () => {
  const {gateway, attachment, attachId} = await attach({isLossless: true})
  gateway.attachesTo = 'the next one'
  gateway.kill()
  await vi.advanceTimersByTimeAsync(5000)
  expect(await attachment.ended).toBe('program-ended')
  expect(gateway.requestsOf('attach.end')).toEqual([expect.objectContaining({attach_id: attachId()})])
})

test('a second loss of the connection, while the terminal is attached again, does not end the attachment', async () => {
  const {gateway, attachment, say, seen} = await attach()
  let how: string | undefined
  void attachment.ended.then((ended) => (how = ended))
  gateway.script('attach.start', 'crash-before')
  gateway.kill()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(gateway.requestsOf('attach.start')).toHaveLength(3)
  await say('again', undefined, true)
  expect(seen).toEqual(['paint again'])
  expect(how).toBeUndefined()
})

test('asks for the whole screen again in a new size, as the same attachment', async () => {
  const {gateway, attachment, attachId} = await attach()
  const before = attachId()
  attachment.repaint({cols: 100, rows: 30})
  await settle()
  expect(gateway.requestsOf('attach.start')).toHaveLength(2)
  expect(gateway.requestsOf('attach.start').at(-1)).toMatchObject({attach_id: before, cols: 100, rows: 30})
})

test.each([
  ['taken-over', 'taken-over'],
  ['program-ended', 'program-ended'],
  ['detached', 'detached'],
] as const)('ends as %s', async (how, reason) => {
  const {gateway, id, attachment, attachId, say, seen} = await attach()
  gateway.append(id, {type: 'attach.end', payload: {prompt_id: 'p', attach_id: attachId(), reason, duration_ms: 1}})
  expect(await attachment.ended).toBe(how)
  await say('late')
  expect(seen).toEqual([])
  expect(gateway.requestsOf('attach.end')).toHaveLength(0)
})

test('output still arrives until the host has detached the terminal, and keys are not sent any more', async () => {
  const {gateway, id, attachment, attachId, say, seen} = await attach()
  attachment.end()
  attachment.end()
  attachment.input(Buffer.from('late'))
  await say('then')
  expect(seen).toEqual(['then'])
  const payload = {prompt_id: 'p', attach_id: attachId(), reason: 'detached', duration_ms: 1}
  gateway.append(id, {type: 'attach.end', payload})
  expect(await attachment.ended).toBe('detached')
  await say('late')
  expect(seen).toEqual(['then'])
  expect([gateway.requestsOf('attach.end'), gateway.requestsOf('session.input')].map(({length}) => length)).toEqual([
    1, 0,
  ])
})

test('a connection that is lost while the terminal is detached ends the attachment', async () => {
  const {gateway, attachment} = await attach()
  attachment.end()
  gateway.kill()
  await vi.advanceTimersByTimeAsync(5000)
  expect(await attachment.ended).toBe('detached')
  expect(gateway.requestsOf('attach.start')).toHaveLength(1)
})

test('in place: all requests say so, and the ids of all attachments are told before their requests', async () => {
  const opened = openClient()
  const {gateway} = opened
  const {session} = await watch(opened)
  const ids: string[] = []
  await session.attach({size: {cols: 80, rows: 24}, onOutput() {}, inPlace: true, onStart: (id) => void ids.push(id)})
  gateway.kill()
  await vi.advanceTimersByTimeAsync(5000)
  const requests = gateway.requestsOf('attach.start')
  expect(requests.map(({attach_id}) => attach_id)).toEqual(ids)
  expect(requests.map(({in_place}) => in_place)).toEqual([true, true])
})

test('ends when the client gives up', async () => {
  const {gateway, attachment} = await attach()
  gateway.scriptStarts(...Array.from({length: 4}, () => new Error('no gateway')))
  gateway.kill()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await attachment.ended).toBe('connection-lost')
})

test('a lossless attachment confirms what onOutput has taken, in large parts', async () => {
  const shown = Promise.withResolvers<void>()
  const {gateway, attachment, say} = await attach({isLossless: true, shown: shown.promise})
  const confirmed = () => gateway.requestsOf('attach.taken').map(({bytes}) => bytes)
  const part = 'x'.repeat(attachWindowBytes / 4)
  await say(part)
  await say('more')
  expect(confirmed()).toEqual([])
  shown.resolve()
  await settle()
  expect(confirmed()).toEqual([part.length])
  await say(part)
  expect(confirmed()).toEqual([part.length, 2 * part.length + 4])
  attachment.repaint({cols: 80, rows: 24})
  await settle()
  expect(gateway.requestsOf('attach.start').at(-1)).toMatchObject({lossless: true})
})
