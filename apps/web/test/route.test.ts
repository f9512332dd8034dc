import {expect, test} from 'vitest'

import {parseRoute, routeHref} from '../src/route.ts'

test.each([
  ['', {kind: 'sessions'}],
  ['#/', {kind: 'sessions'}],
  ['#/nonsense', {kind: 'sessions'}],
  ['#/s/', {kind: 'sessions'}],
  ['#/s/%E0%A4%A', {kind: 'sessions'}],
  ['#/new', {kind: 'new'}],
  ['#/search', {kind: 'search'}],
  ['#/s/0123456789', {kind: 'session', id: '0123456789', isTerminal: false}],
  ['#/s/0123456789/terminal', {kind: 'session', id: '0123456789', isTerminal: true}],
])('%j shows %j', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route)
})

test('the address of a route leads to it', () => {
  const route = {kind: 'session', id: '0123456789', isTerminal: true} as const
  expect(parseRoute(routeHref(route))).toEqual(route)
})
