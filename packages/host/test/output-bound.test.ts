import {tailOutputBytes, type SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

const mebibyte = 1024 * 1024

/** Summarizes events, with consecutive output as one. */
function inShort(events: readonly SessionEvent[]): (string | number)[] {
  const short: (string | number)[] = []
  for (const event of events) {
    const length = event.type === 'message.delta' ? (event.payload.text ?? '').length : undefined
    const last = short.at(-1)
    if (length !== undefined && typeof last === 'number') short[short.length - 1] = last + length
    else short.push(length ?? (event.type === 'output.elided' ? `elided ${event.payload.bytes}` : event.type))
  }
  return short
}

test('of 80 MiB of output, the log keeps the first 64 and the last 1, and counts the bytes between them', async () => {
  const {log, agent, session} = openSession()
  session.submit({promptId: 'a', text: 'flood'})
  for (let count = 0; count < 80; count++) agent.print('x'.repeat(mebibyte))
  await agent.finish()
  const events = log.read({afterSeq: 3, limit: 10_000, maxBytes: Infinity})
  expect(inShort(events)).toEqual([
    64 * mebibyte,
    'note',
    `elided ${15 * mebibyte}`,
    tailOutputBytes,
    'message.complete',
  ])
})

test('a prompt can set its own bound, even if it had to wait; null keeps all output', async () => {
  const {log, agent, session} = openSession()
  session.submit({promptId: 'a', text: 'flood', maxOutputBytes: null})
  session.submit({promptId: 'b', text: 'flood', maxOutputBytes: 10})
  for (let count = 0; count < 66; count++) agent.print('x'.repeat(mebibyte))
  await agent.finish()
  for (let count = 0; count < 2; count++) agent.print('x'.repeat(mebibyte))
  await agent.finish()
  const events = log.read({afterSeq: 4, limit: 10_000, maxBytes: Infinity})
  expect(inShort(events)).toEqual([
    66 * mebibyte,
    'message.complete',
    'message.start',
    10,
    'note',
    `elided ${mebibyte - 10}`,
    mebibyte,
    'message.complete',
  ])
})

test('a prompt whose output was elided is running until it ends', async () => {
  const {log, agent, session} = openSession()
  session.submit({promptId: 'a', text: 'flood'})
  log.append([{type: 'output.elided', payload: {prompt_id: 'a', bytes: 5}}])
  expect(session.submit({promptId: 'a', text: 'flood'})).toBe('running')
  await agent.finish()
  expect(session.submit({promptId: 'a', text: 'flood'})).toBe('complete')
})
