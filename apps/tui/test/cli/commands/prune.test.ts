import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {selectOld} from '../../../src/cli/commands/sessions/prune.ts'

const session = (state: SessionSummary['state'], updated_at: number): SessionSummary => ({
  id: `${state} ${updated_at}`,
  title: '',
  agent: 'shell',
  cwd: '/',
  state,
  created_at: 0,
  updated_at,
})

test('prunes only closed and stopped sessions that were last used before the given time', () => {
  const states = ['running', 'idle', 'stopped', 'closed', 'unreadable'] as const
  const sessions = states.flatMap((state) => [session(state, 99), session(state, 100)])
  expect(selectOld(sessions, 100).map(({id}) => id)).toEqual(['stopped 99', 'closed 99'])
})

test('a session whose machine is away is not old: nobody knows when it was used', () => {
  expect(selectOld([session('stopped', 0)], 100)).toEqual([])
  expect(selectOld([{...session('stopped', 50), machine_silent: true}], 100)).toEqual([])
})
