import {expect, test} from 'vitest'

import {mergeSearches} from '../../src/fleet/merge-searches.ts'

const found = (id: string, updated_at: number) => ({id, title: id, updated_at, hits: [], has_more: false})

test('sessions of all machines come in the order of their last use, each once', () => {
  const merged = mergeSearches([
    {sessions: [found('x', 5), found('y', 1)], unreadable: ['u']},
    {sessions: [found('z', 3), found('y', 2)], unreadable: ['u', 'v']},
  ])
  expect(merged).toEqual({sessions: [found('x', 5), found('z', 3), found('y', 2)], unreadable: ['u', 'v']})
})

test('there may be more where a machine has more, or where it does not fit', () => {
  expect(mergeSearches([{sessions: [], unreadable: [], has_more: true}])).toMatchObject({has_more: true})
  const two = [
    {sessions: [found('x', 2)], unreadable: []},
    {sessions: [found('y', 1)], unreadable: []},
  ]
  expect(mergeSearches(two, 1)).toEqual({sessions: [found('x', 2)], unreadable: [], has_more: true})
})
