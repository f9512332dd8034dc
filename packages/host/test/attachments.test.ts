/* oxlint-disable no-control-regex -- control sequences are what this file is about */
import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {AttachedClient} from '../src/session/attachments.ts'
import {openSession} from './fixtures/open-session.ts'

const size = {cols: 40, rows: 5}

function open() {
  const {log, agent, session} = openSession()
  /** Consecutive output as one. */
  const events = () => {
    const short: string[] = []
    for (const {type, payload} of log.read({afterSeq: 3})) {
      const last = short.at(-1)
      if (type !== 'message.delta')
        short.push(type === 'attach.end' ? `${type} ${payload.attach_id} ${payload.reason}` : type)
      else if (last?.endsWith('"') === true) short[short.length - 1] = `${last.slice(0, -1)}${payload.text}"`
      else short.push(`"${payload.text}"`)
    }
    return short
  }
  return {agent, session, events, attachments: session.attachments}
}

function createClient(): AttachedClient & {seen: string[]} {
  const seen: string[] = []
  return {
    seen,
    onPaint: (screen, {isWhole}) => void seen.push(`${isWhole ? 'paint' : 'modes'} ${screen}`),
    onOutput: (data) => void seen.push(Buffer.from(data).toString()),
    onEnd: () => void seen.push('end'),
  }
}

test('the log keeps the output of an attachment, once and in order, between its start and its end', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'ssh'})
  agent.print('before')
  const client = createClient()
  expect(await attachments.start('one', size, client)).toBe('a')
  agent.print('soon')
  await expect.poll(() => client.seen.join('')).toBe('paint beforesoon')
  agent.print('later')
  expect(attachments.end('one', 'detached')).toBe(true)
  expect(attachments.end('one', 'detached')).toBe(false)
  agent.print('after')
  await agent.finish()
  expect(client.seen.join('')).toBe('paint beforesoonlaterend')
  expect(events()).toEqual([
    '"before"',
    'attach.start',
    '"soonlater"',
    'attach.end one detached',
    '"after"',
    'message.complete',
  ])
})

test('an attachment that is ended before it has started does not start', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'ssh'})
  const starting = attachments.start('one', size, createClient())
  expect(attachments.end('one', 'detached')).toBe(false)
  await expect(starting).rejects.toThrow('detached before it was attached')
  expect(attachments.attached).toBeUndefined()
  expect(await attachments.start('two', size, createClient())).toBe('a')
  await agent.finish()
  await expect.poll(events).toEqual(['attach.start', 'attach.end two program-ended', 'message.complete'])
})

test('of two attachments that start at once, the one that is ended does not start, and the other does', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'ssh'})
  const one = attachments.start('one', size, createClient())
  const two = attachments.start('two', size, createClient())
  attachments.end('one', 'client-gone')
  await expect(one).rejects.toThrow('detached before it was attached')
  expect(await two).toBe('a')
  await agent.finish()
  await expect.poll(events).toEqual(['attach.start', 'attach.end two program-ended', 'message.complete'])
})

test('the log holds no frame of the alternate screen, attached or not; the client gets all of it', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'vim'})
  agent.print('one\x1b[?1049hframe 1')
  const client = createClient()
  await attachments.start('one', size, client)
  agent.print('frame 2\x1b[?10')
  agent.print('49ltwo')
  await agent.finish()
  await expect.poll(() => client.seen.join('')).toMatch(/frame 1.*frame 2\x1b\[\?1049ltwoend$/s)
  expect(events().filter((event) => event.startsWith('"'))).toEqual(['"one\x1b[?1049h"', '"\x1b[?1049ltwo"'])
})

test('a client that shows the normal screen already gets only the modes, then what follows `attach.start`', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'ssh'})
  agent.print('\x1b[?2004h\x1b[?1hprompt$ ')
  const client = createClient()
  const starting = attachments.start('one', size, client, {inPlace: true})
  agent.print('meanwhile ')
  await starting
  agent.print('then')
  await expect.poll(() => client.seen.join('')).toBe('modes \x1b[?1h\x1b[?2004hthen')
  agent.print('\x1b[?1049hframe')
  attachments.end('one', 'detached')
  const second = createClient()
  await attachments.start('two', size, second, {inPlace: true})
  await expect.poll(() => second.seen[0]).toMatch(/^modes \x1b\[\?1049h.*frame/s)
  expect(second.seen[0]).not.toMatch(/prompt|then/)
  await attachments.start('two', size, second, {inPlace: true})
  await expect.poll(() => second.seen[1]).toMatch(/^paint /)
  expect(events().slice(0, 4)).toEqual([
    '"\x1b[?2004h\x1b[?1hprompt$ meanwhile "',
    'attach.start',
    '"then\x1b[?1049h"',
    'attach.end one detached',
  ])
})

test('a client that attaches sees the output of earlier attachments on its screen', async () => {
  const {agent, session, attachments} = open()
  session.submit({promptId: 'a', text: 'vim'})
  const [first, second] = [createClient(), createClient()]
  await attachments.start('one', size, first)
  await expect.poll(() => first.seen).toHaveLength(1)
  agent.print('hello')
  await attachments.start('two', size, second)
  agent.print(' world')
  await expect.poll(() => second.seen.join('')).toBe('paint hello world')
  expect(first.seen.at(-1)).toBe('end')
  attachments.repaint('one')
  attachments.repaint('two')
  await expect.poll(() => second.seen.at(-1)).toBe('paint hello world')
})

test('output that is printed during a paint follows it, once and in order', async () => {
  const {agent, session, attachments} = open()
  session.submit({promptId: 'a', text: 'vim'})
  const client = createClient()
  await attachments.start('one', {cols: 2000, rows: 2}, client)
  const paints = () => client.seen.filter((seen) => seen.startsWith('paint ')).length
  let printed = ''
  for (let count = 0; count < 200; count++) {
    // On a busy machine, each paint may be replaced by the next before it is done.
    if (count === 100) await expect.poll(paints).toBeGreaterThan(0)
    if (count % 20 === 5) attachments.repaint('one')
    agent.print(`${count},`)
    printed += `${count},`
    await (count % 3 === 0 ? new Promise(setImmediate) : Promise.resolve())
  }
  const lastScreen = () => client.seen.slice(client.seen.findLastIndex((seen) => seen.startsWith('paint '))).join('')
  await expect.poll(() => lastScreen()).toBe(`paint ${printed}`)
  expect(paints()).toBeGreaterThan(1)
})

test('the attachment ends before its prompt does', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'vim'})
  await attachments.start('one', size, createClient())
  await agent.finish()
  await expect.poll(events).toEqual(['attach.start', 'attach.end one program-ended', 'message.complete'])
  expect(attachments.attached).toBeUndefined()
})

test('attaching is rejected if no program is running, or none any more', async () => {
  const {agent, session, events, attachments} = open()
  const rejection = expect.objectContaining({code: errorCodes.notAllowed}) as unknown
  await expect(attachments.start('one', size, createClient())).rejects.toEqual(rejection)
  session.submit({promptId: 'a', text: 'true'})
  const late = expect(attachments.start('one', size, createClient())).rejects.toEqual(rejection)
  await agent.finish()
  await late
  expect(events()).toEqual(['message.complete'])
})
