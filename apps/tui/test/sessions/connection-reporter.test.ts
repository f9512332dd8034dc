import type {ClientStatus} from '@holdfast/client'
import {expect, test} from 'vitest'

import {createConnectionReporter} from '../../src/sessions/connection-reporter.ts'

const live: ClientStatus = {kind: 'live', generation: 1}
const lost = (attempt: number): ClientStatus => ({
  kind: 'recovering',
  attempt,
  of: Infinity,
  end: {by: 'peer', message: 'the connection was lost'},
})

test('reports a lost connection once and a restored one once, whatever statuses come between', () => {
  const said: string[] = []
  const report = createConnectionReporter((message) => said.push(message))
  for (const status of [live, lost(1), lost(2), live, live, lost(1)] as const) report(status)
  expect(said.map((message) => message.split(';')[0])).toEqual([
    'the connection was lost (the connection was lost)',
    'the connection is restored',
    'the connection was lost (the connection was lost)',
  ])
})
