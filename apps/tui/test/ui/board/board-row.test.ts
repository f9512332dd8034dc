import type {SessionSummary} from '@holdfast/protocol'
import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {orderSessions} from '@holdfast/session-view'

import {boardRow} from '../../../src/ui/board/board-row.ts'

const session = (changes: Partial<SessionSummary>): SessionSummary => ({
  id: '0123456789',
  title: 'web',
  agent: 'shell',
  cwd: '/srv/web',
  state: 'idle',
  created_at: 0,
  updated_at: 1,
  ...changes,
})
const facts = {isHere: false, lastLine: 'listening on 8080', folder: '/srv/web', now: 5 * 60_000 + 1}
const draw = (changes: Partial<SessionSummary>, columns: number, more: Partial<typeof facts> = {}) =>
  (boardRow(session(changes), {...facts, ...more}, columns).runs ?? []).map(({text}) => text).join('')

test('a wide row has state, title, tags, folder, age and last line; a narrow one has what fits', () => {
  const tagged: Partial<SessionSummary> = {tags: ['prod', 'eu'], state: 'running'}
  expect(draw(tagged, 118)).toBe(
    '● running   web #prod #eu                       /srv/web                   5 min  listening on 8080',
  )
  expect(draw(tagged, 78)).toBe('● running   web #prod #eu                  5 min  listening on 8080')
  expect(draw(tagged, 38)).toBe('●  web #prod #eu                 5 min')
})

test('the machine of a fleet stands behind the tags, and can be searched for', () => {
  expect(draw({tags: ['prod'], machine: 'atlas'}, 78)).toBe(
    '○ idle      web #prod @atlas               5 min  listening on 8080',
  )
  expect(boardRow(session({machine: 'atlas'}), facts, 38).text).toContain('@atlas')
  expect(draw({machine: 'box', updated_at: 0}, 38)).toBe('○  web @box                          -')
})

test('a session whose machine does not answer is silent, whatever it last did', () => {
  const silent = {machine: 'atlas', machine_silent: true}
  for (const state of ['running', 'stopped'] as const)
    expect(draw({...silent, state}, 78)).toMatch(/^\? silent +web @atlas/)
  expect(boardRow(session(silent), facts, 78).text).toContain('silent')
})

test('what waits for the user is a badge in the place of the state', () => {
  expect(boardRow(session({waits_for: 'password', state: 'running'}), facts, 78).runs?.[0]).toEqual({
    text: ' PASSWORD ',
    token: 'badge',
  })
  expect(draw({waits_for: 'answer'}, 38)).toBe(' ALLOW?   web                    5 min')
  expect(draw({waits_for: 'a newer thing'}, 78)).toMatch(/^ WAITING {4}web/)
  expect(draw({waits_for: 'queue', state: 'closed'}, 78)).toMatch(/^· closed/)
})

test.each([24, 38, 58, 78, 98, 118])('no row is wider than %i cells, whatever it contains', (columns) => {
  const long = '日本語のとても長い題名です。'.repeat(5)
  for (const waits_for of [undefined, 'password'])
    for (const text of [long, 'x'.repeat(300)]) {
      const row = draw({title: text, tags: ['one', 'two'], waits_for}, columns, {lastLine: text, folder: text})
      expect(stringWidth(row)).toBeLessThanOrEqual(columns)
    }
})

test('untrusted text draws no sequence', () => {
  const row = draw({title: 'a\u001b[2Jb', tags: ['\u001b[1mt']}, 118, {
    lastLine: '\u001b]0;x\u0007y',
    folder: '/\u001b[5m',
  })
  expect(row).not.toContain('\u001b')
})

test('what waits comes first, then what a restart of the machine has ended, and closed sessions last', () => {
  const ids = orderSessions([
    session({id: 'closed', state: 'closed', updated_at: 9}),
    session({id: 'damaged', state: 'unreadable', updated_at: 9}),
    session({id: 'command', one_shot: true, updated_at: 8}),
    session({id: 'older', updated_at: 1}),
    session({id: 'newer', updated_at: 2}),
    session({id: 'restart', state: 'stopped', before_restart: true, updated_at: 0}),
    session({id: 'waits', waits_for: 'answer', updated_at: 0}),
  ]).map(({id}) => id)
  expect(ids).toEqual(['waits', 'restart', 'newer', 'older', 'command', 'closed', 'damaged'])
})
