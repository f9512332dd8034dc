import {expect, test} from 'vitest'

import {parseRoute, routeHref} from '../src/route.ts'

test.each([
  ['', {kind: 'sessions'}],
  ['#/', {kind: 'sessions'}],
  ['#/nonsense', {kind: 'sessions'}],
  ['#/s/', {kind: 'sessions'}],
  ['#/s/%E0%A4%A', {kind: 'unknown'}],
  ['#/s/short/terminal', {kind: 'unknown'}],
  ['#/new', {kind: 'new'}],
  ['#/search', {kind: 'search'}],
  ['#/search/a%2Fb%20c', {kind: 'search', query: 'a/b c'}],
  ['#/search/%E0', {kind: 'search'}],
  ['#/s/0123456789', {kind: 'session', id: '0123456789', isTerminal: false}],
  ['#/s/0123456789/terminal', {kind: 'session', id: '0123456789', isTerminal: true}],
  [
    '#/s/0123456789/at/42/a%2Fb%20c',
    {kind: 'session', id: '0123456789', isTerminal: false, found: {seq: 42, text: 'a/b c'}},
  ],
  ['#/s/0123456789/at/42/%E0', {kind: 'session', id: '0123456789', isTerminal: false, found: {seq: 42, text: ''}}],
  ['#/s/0123456789/at/x', {kind: 'session', id: '0123456789', isTerminal: false}],
])('%j shows %j', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route)
})

test.each([
  {kind: 'search'},
  {kind: 'search', query: 'grep -r "ä/?#%" .'},
  {kind: 'session', id: '0123456789', isTerminal: true},
  {kind: 'session', id: '0123456789', isTerminal: false, found: {seq: 7, text: 'grep -r "ä/?#%" .'}},
] as const)('the address of a route leads to it', (route) => {
  expect(parseRoute(routeHref(route))).toEqual(route)
})
