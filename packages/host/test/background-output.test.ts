import {maxBackgroundOutputBytes, tailOutputBytes, type SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

const mebibyte = 1024 * 1024

function inWords({type, payload}: SessionEvent): string {
  if (type === 'background.output' || type === 'message.delta') return `${type} ${payload.text}`
  return type === 'background.elided' ? `${type} ${payload.bytes}` : type
}

test('output between two prompts becomes an event without a prompt, before the next event', async () => {
  const {log, agent, session} = openSession()
  agent.printInBackground('early')
  session.submit({promptId: 'a', text: 'make'})
  agent.printInBackground('as it began')
  agent.print('made')
  await agent.finish()
  agent.printInBackground('late')
  await session.close('user')
  expect(log.read({afterSeq: 1}).map(inWords)).toEqual([
    'background.output early',
    'prompt.queued',
    'message.start',
    'background.output as it began',
    'message.delta made',
    'message.complete',
    'background.output late',
    'session.closed',
  ])
})

test('output between two prompts has a bound, and an event counts the bytes that are missing', async () => {
  const {log, agent, session} = openSession()
  for (let count = 0; count < 10; count++) agent.printInBackground('x'.repeat(mebibyte))
  session.submit({promptId: 'a', text: 'true'})
  await agent.finish()
  agent.printInBackground('again')
  await session.close('user')
  const events = log.read({afterSeq: 1, limit: 10_000, maxBytes: Infinity})
  const outputs = events.flatMap((event) =>
    event.type === 'background.output' ? [event.payload.text?.length ?? 0] : [],
  )
  expect(outputs.reduce((sum, length) => sum + length, 0)).toBe(
    maxBackgroundOutputBytes + tailOutputBytes + 'again'.length,
  )
  expect(events.filter(({type}) => type !== 'background.output').map(inWords)).toEqual([
    'note',
    `background.elided ${mebibyte}`,
    'prompt.queued',
    'message.start',
    'message.complete',
    'session.closed',
  ])
})
