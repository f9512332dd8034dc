import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {listAway} from '../../src/fleet/list-away.ts'

const held = (sessionId: string, machine: string, state: 'open' | 'closed' | 'deleted' = 'open') => ({
  sessionId,
  machine,
  state,
  epoch: 1,
  needs: [],
})
const facts = {answered: new Set(['here']), leased: new Set(['here']), after: undefined, copied: () => undefined}
const listed = (sessions: readonly SessionSummary[]) => sessions.map(({id, state}) => `${id} ${state}`)

test('the sessions of machines that are away are listed, but for deleted ones', () => {
  const all = [held('1', 'box'), held('2', 'box', 'closed'), held('3', 'box', 'deleted'), held('4', 'here')]
  expect(listed(listAway({...facts, held: all}))).toEqual(['1 stopped', '2 closed'])
  expect(listed(listAway({...facts, held: all, after: '1'}))).toEqual(['2 closed'])
})

test('what the copy of a log says is shown, and else which machine has it', () => {
  const copy = {
    id: '1',
    title: 'web',
    agent: 'shell',
    cwd: '/srv',
    state: 'running',
    created_at: 5,
    updated_at: 6,
  } as const
  const one = {...facts, held: [held('1', 'box')]}
  expect(listAway({...one, copied: () => copy})).toEqual([{...copy, state: 'stopped', machine: 'box'}])
  expect(listAway(one)).toMatchObject([{title: 'on box, which does not answer', updated_at: 0, machine: 'box'}])
  const damaged = {...copy, state: 'unreadable', title: 'the log is damaged'} as const
  expect(listAway({...one, copied: () => damaged})).toMatchObject([{title: 'on box, which does not answer'}])
})

test.each([
  ['has its lease', new Set(['box']), true],
  ['has no lease', new Set<string>(), undefined],
  ['may have one, as the cluster cannot be asked', undefined, true],
])('of a machine that does not answer and %s, an open session is marked: %s %s', (_which, leased, isSilent) => {
  const all = [held('1', 'box'), held('2', 'box', 'closed')]
  expect(listAway({...facts, leased, held: all}).map(({machine_silent}) => machine_silent)).toEqual([
    isSilent,
    undefined,
  ])
})
