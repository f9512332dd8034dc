import type {EventLog} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'
import {createSessionLog} from './fixtures/session-log.ts'

test('all events but output are durable: they survive a power failure', async () => {
  const log = createSessionLog()
  const strengths: Record<string, Set<boolean>> = {}
  const watched: EventLog = {
    ...log,
    append(events, options) {
      for (const {type} of events) (strengths[type] ??= new Set()).add(options?.durable ?? false)
      return log.append(events, options)
    },
  }
  const agent = createHandDrivenAgent()
  const session = createSession({log: watched, agent, onAppend() {}, onFault: (error) => expect.fail(String(error))})
  session.submit({promptId: 'a', text: 'flood', maxOutputBytes: 2})
  for (const promptId of ['b', 'c']) session.submit({promptId, text: 'ls'})
  session.withdraw('c')
  agent.print('x'.repeat(3 * 1024 * 1024))
  await agent.finish({status: 'complete', exitCode: 0, cwd: '/', shellExited: {exitCode: 0}})
  await session.close('user')

  const typesOf = (durable: boolean) => Object.keys(strengths).filter((type) => strengths[type]?.has(durable))
  expect(typesOf(false)).toEqual(['message.delta', 'note', 'output.elided'])
  expect(typesOf(true)).toEqual([
    'prompt.queued',
    'message.start',
    'message.complete',
    'shell.exited',
    'session.info',
    'session.closed',
  ])
})
