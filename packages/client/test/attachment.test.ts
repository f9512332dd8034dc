import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {openClient, settle, watch} from './fixtures/open-client.ts'

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']}))
afterEach(() => void vi.useRealTimers())

async function attach() {
  const opened = openClient()
  const {gateway} = opened
  const {id, session} = await watch(opened)
  const seen: string[] = []
  const attachment = await session.attach({
    size: {cols: 80, rows: 24},
    onOutput: (data, {isRepaint}) => void seen.push(`${isRepaint ? 'paint ' : ''}${Buffer.from(data).toString()}`),
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

test('asks for the whole screen again in a new size, as the same attachment', async () => {
  const {gateway, attachment, attachId} = await attach()
  const before = attachId()
  attachment.repaint({cols: 100, rows: 30})
  await settle()
  expect(gateway.requestsOf('attach.start')).toHaveLength(2)
  expect(gateway.requestsOf('attach.start').at(-1)).toMatchObject({attach_id: before, cols: 100, rows: 30})
})

test.each([
  ['detached', undefined],
  ['taken-over', 'taken-over'],
  ['program-ended', 'program-ended'],
  ['refused', 'not-painted'],
] as const)('ends as %s', async (how, reason) => {
  const {gateway, id, attachment, attachId, say, seen} = await attach()
  const payload = {prompt_id: 'p', attach_id: attachId(), reason: reason ?? '', duration_ms: 1}
  if (reason === undefined) attachment.end()
  else gateway.append(id, {type: 'attach.end', payload})
  expect(await attachment.ended).toBe(how)
  await say('late')
  expect(seen).toEqual([])
  expect(gateway.requestsOf('attach.end')).toHaveLength(reason === undefined ? 1 : 0)
})

test('ends when the client gives up', async () => {
  const {gateway, attachment} = await attach()
  gateway.scriptStarts(...Array.from({length: 4}, () => new Error('no gateway')))
  gateway.kill()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await attachment.ended).toBe('connection-lost')
})
