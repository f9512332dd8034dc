import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {AttachedClient} from '../src/session/attachments.ts'
import {openSession} from './fixtures/open-session.ts'

const size = {cols: 40, rows: 5}

function open() {
  const {log, agent, session} = openSession()
  const events = () =>
    log.read({afterSeq: 3}).map(({type, payload}) => {
      if (type === 'message.delta') return payload.text
      return type === 'attach.end' ? `${type} ${payload.attach_id} ${payload.reason}` : type
    })
  return {agent, session, events, attachments: session.attachments}
}

function createClient(): AttachedClient & {seen: string[]} {
  const seen: string[] = []
  return {
    seen,
    onPaint: (screen) => void seen.push(`paint ${screen}`),
    onOutput: (data) => void seen.push(Buffer.from(data).toString()),
    onEnd: () => void seen.push('end'),
  }
}

test('the log keeps no output while a client is attached, and all output before and after', async () => {
  const {agent, session, events, attachments} = open()
  session.submit({promptId: 'a', text: 'vim'})
  agent.print('before')
  const client = createClient()
  expect(attachments.start('one', size, client)).toBe('a')
  agent.print('soon')
  await expect.poll(() => client.seen.join('')).toBe('paint beforesoon')
  agent.print('later')
  expect(attachments.end('one', 'detached')).toBe(true)
  expect(attachments.end('one', 'detached')).toBe(false)
  agent.print('after')
  await agent.finish()
  expect(client.seen.join('')).toBe('paint beforesoonlaterend')
  expect(events()).toEqual(
    expect.arrayContaining(['before', 'attach.start', 'attach.end one detached', 'after', 'message.complete']),
  )
  expect(events().join(' ')).not.toMatch(/soon|later/)
})

test('a client that attaches sees the output of earlier attachments on its screen', async () => {
  const {agent, session, attachments} = open()
  session.submit({promptId: 'a', text: 'vim'})
  const [first, second] = [createClient(), createClient()]
  attachments.start('one', size, first)
  await expect.poll(() => first.seen).toHaveLength(1)
  agent.print('hello')
  attachments.start('two', size, second)
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
  attachments.start('one', {cols: 2000, rows: 2}, client)
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
  attachments.start('one', size, createClient())
  await agent.finish()
  expect(events()).toEqual(['attach.start', 'attach.end one program-ended', 'message.complete'])
  expect(attachments.attached).toBeUndefined()
})

test('attaching is rejected if no program is running', () => {
  const {attachments} = open()
  expect(() => attachments.start('one', size, createClient())).toThrow(
    expect.objectContaining({code: errorCodes.notAllowed}),
  )
})
