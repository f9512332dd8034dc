import {maxBackgroundOutputBytes, tailOutputBytes, type SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

const mebibyte = 1024 * 1024

function inWords({type, payload}: SessionEvent): string {
  if (type === 'background.output' || type === 'message.delta') return `${type} ${payload.text}`
  return type === 'background.elided' ? `${type} ${payload.bytes}` : type
}

test('what is printed between two prompts is an event of no prompt, before what comes next', async () => {
  const {log, agent, session} = openSession()
  agent.printBetween('early')
  session.submit({promptId: 'a', text: 'make'})
  agent.printBetween('as it began')
  agent.print('made')
  await agent.finish()
  agent.printBetween('late')
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

test('each time between two prompts has a bound, and what is missing is told', async () => {
  const {log, agent, session} = openSession()
  for (let count = 0; count < 10; count++) agent.printBetween('x'.repeat(mebibyte))
  session.submit({promptId: 'a', text: 'true'})
  await agent.finish()
  agent.printBetween('again')
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
