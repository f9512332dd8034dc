import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Breadcrumb} from '@holdfast/breadcrumbs'

import {decodeBreadcrumb, encodeBreadcrumb} from '../src/log/encode-breadcrumb.ts'

const spawn: Breadcrumb = {time: '2026-03-01T12:00:00.000Z', role: 'tui', pid: 71, event: 'spawn', facts: {}}
const hostile = 'a\nb\r\u001b[2J\u0000\u0085\u009b\u2028\u2029\u202e\u{e0001}\ud800"\\ü😀'

test('a breadcrumb is one line of JSON', () => {
  const exit = {...spawn, generation: 2, session: 's_4k', event: 'exit', facts: {code: 1, signal: null}}
  expect(encodeBreadcrumb(exit)).toBe(
    '{"time":"2026-03-01T12:00:00.000Z","role":"tui","pid":71,"event":"exit","facts":{"code":1,"signal":null},' +
      '"generation":2,"session":"s_4k"}',
  )
})

test('line breaks, control characters and quotes are harmless wherever they stand', () => {
  const breadcrumb = {...spawn, role: hostile, session: hostile, event: hostile, facts: {[hostile]: hostile}}
  const line = encodeBreadcrumb(breadcrumb)
  expect(line).toMatch(/^[ -~]+$/)
  expect(decodeBreadcrumb(line)).toEqual(breadcrumb)
})

test('every breadcrumb of any content can be read again', () => {
  const text = fc.string({unit: 'binary', maxLength: 40})
  const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
  fc.assert(
    fc.property(text, fc.dictionary(text, scalar, {maxKeys: 5}), (session, facts) => {
      const breadcrumb = {...spawn, session, facts}
      expect(decodeBreadcrumb(encodeBreadcrumb(breadcrumb))).toEqual(breadcrumb)
    }),
  )
})

describe('a line has at most 4096 characters', () => {
  test('and stays whole up to there', () => {
    const room = 4096 - encodeBreadcrumb({...spawn, facts: {text: ''}}).length
    expect(encodeBreadcrumb({...spawn, facts: {text: 'x'.repeat(room)}})).toHaveLength(4096)
    const line = encodeBreadcrumb({...spawn, facts: {text: 'x'.repeat(room + 1)}})
    expect(decodeBreadcrumb(line)).toEqual({...spawn, truncated: true, facts: {text: `${'x'.repeat(1024)}…`}})
  })

  test('a long value is cut, and the other facts stay', () => {
    const facts = {code: 1, text: '😀'.repeat(5000), reason: 'out of luck'}
    const read = decodeBreadcrumb(encodeBreadcrumb({...spawn, facts}))
    expect(read).toMatchObject({truncated: true, facts: {code: 1, reason: 'out of luck'}})
    expect(read?.facts['text']).toMatch(/^😀{10,}.?…$/u)
  })

  test('whatever is too long in it', () => {
    const long = hostile.repeat(1000)
    const manyFacts = Object.fromEntries(Array.from({length: 1000}, (_, n) => [`fact-${n}`, n]))
    for (const facts of [{[long]: 1}, manyFacts, {text: long}]) {
      const line = encodeBreadcrumb({...spawn, role: long, event: long, session: long, facts})
      expect(line.length).toBeLessThanOrEqual(4096)
      expect(decodeBreadcrumb(line)).toMatchObject({pid: 71, truncated: true})
    }
  })
})

test.each([
  ['an empty line', ''],
  ['other text', 'Error: out of luck'],
  ['other JSON', 'null'],
  ['half a line', encodeBreadcrumb(spawn).slice(0, -5)],
  ['two lines in one', encodeBreadcrumb(spawn).repeat(2)],
  ['a line without an event', encodeBreadcrumb(spawn).replace('event', 'other')],
  ['a line with another kind of time', encodeBreadcrumb({...spawn, time: 'noon'})],
])('%s is not a breadcrumb', (_, line) => {
  expect(decodeBreadcrumb(line)).toBeUndefined()
})
