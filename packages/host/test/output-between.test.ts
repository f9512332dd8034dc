import {createMemoryLog} from '@holdfast/event-log'
import {createSessionId, maxBetweenBytes, tailOutputBytes, type SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createSession} from '../src/session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

const mebibyte = 1024 * 1024

function open() {
  const log = createMemoryLog({sessionId: createSessionId()})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/tmp', created_at: 1}}])
  const agent = createHandDrivenAgent()
  const onFault = (error: unknown) => {
    throw error
  }
  return {log, agent, session: createSession({log, agent, onAppend() {}, onFault})}
}

function inWords({type, payload}: SessionEvent): string {
  if (type === 'shell.output' || type === 'message.delta') return `${type} ${payload.text}`
  return type === 'shell.elided' ? `${type} ${payload.bytes}` : type
}

test('what is printed between two prompts is an event of no prompt, before what comes next', async () => {
  const {log, agent, session} = open()
  agent.printBetween('early')
  session.submit({promptId: 'a', text: 'make'})
  agent.printBetween('as it began')
  agent.print('made')
  await agent.finish()
  agent.printBetween('late')
  await session.close('user')
  expect(log.read({afterSeq: 1}).map(inWords)).toEqual([
    'shell.output early',
    'prompt.queued',
    'message.start',
    'shell.output as it began',
    'message.delta made',
    'message.complete',
    'shell.output late',
    'session.closed',
  ])
})

test('each time between two prompts has a bound, and what is missing is told', async () => {
  const {log, agent, session} = open()
  for (let count = 0; count < 10; count++) agent.printBetween('x'.repeat(mebibyte))
  session.submit({promptId: 'a', text: 'true'})
  await agent.finish()
  agent.printBetween('again')
  await session.close('user')
  const events = log.read({afterSeq: 1, limit: 10_000, maxBytes: Infinity})
  const outputs = events.flatMap((event) => (event.type === 'shell.output' ? [event.payload.text?.length ?? 0] : []))
  expect(outputs.reduce((sum, length) => sum + length, 0)).toBe(maxBetweenBytes + tailOutputBytes + 'again'.length)
  expect(events.filter(({type}) => type !== 'shell.output').map(inWords)).toEqual([
    'note',
    `shell.elided ${mebibyte}`,
    'prompt.queued',
    'message.start',
    'message.complete',
    'session.closed',
  ])
})
