import {joinChanges} from '@holdfast/session-view'
import {expect, test} from 'vitest'

import {readChanges} from '../../src/sessions/read-changes.ts'

const diff = (path: string, oldText: string | null, newText: string) => ({type: 'diff', path, oldText, newText})
const update = (tool_call_id: string, payload: object) => ({
  type: 'tool.update',
  payload: {prompt_id: '0123456789', tool_call_id, ...payload},
})

/** A log in pages of two events. */
const logOf = (events: readonly object[]) => ({
  async request(_method: string, {before_seq}: {before_seq: number}) {
    const logged = events.map((event, at) => ({...event, session_id: '0123456789', seq: at + 1, at: 1}))
    return {events: logged.filter(({seq}) => seq < before_seq).slice(-2), latest_seq: events.length}
  },
})
const read = (...events: object[]) => readChanges(logOf(events) as never, '0123456789')

test('the last content of each tool counts, and none of a tool that failed', async () => {
  expect(
    await read(
      update('a', {content: [diff('/x', 'one', 'tw')]}),
      update('b', {content: [diff('/y', null, 'new')]}),
      update('a', {content: [diff('/x', 'one', 'two')]}),
      update('a', {status: 'completed'}),
      update('c', {content: [diff('/z', 'a', 'b')]}),
      update('c', {status: 'failed'}),
    ),
  ).toEqual({
    changes: [
      {path: '/y', before: '', after: 'new'},
      {path: '/x', before: 'one', after: 'two'},
    ],
    isWhole: true,
  })
})

test('changes that continue each other are one, and those of a file stand together', () => {
  const change = (path: string, before: string, after: string) => ({path, before, after})
  expect(
    joinChanges([change('a', '1', '2'), change('b', 'x', 'y'), change('a', '2', '3'), change('a', 'other', 'part')]),
  ).toEqual([change('a', '1', '3'), change('a', 'other', 'part'), change('b', 'x', 'y')])
  expect(joinChanges([change('a', '1', '2'), change('a', '2', '1')])).toEqual([])
})
