import {describe, expect, test} from 'vitest'
import {type Breadcrumb, formatBreadcrumb, parseBreadcrumb} from '@holdfast/breadcrumbs'

const at = Date.UTC(2026, 2, 1, 12)
const spawn: Breadcrumb = {at, who: 'tui', pid: 71, what: 'spawn', facts: {}}

describe('formatBreadcrumb', () => {
  test('writes time, program, process, life and session before what happened, and its facts after it', () => {
    const facts = {code: 1, signal: null, requested: false, reason: 'asked to', path: '/tmp/a.sock', empty: ''}
    expect(formatBreadcrumb({at, who: 'gateway', pid: 71, generation: 2, session: 's_4k', what: 'exit', facts})).toBe(
      '2026-03-01T12:00:00.000Z gateway pid=71 gen=2 session=s_4k exit ' +
        'code=1 signal=null requested=false reason="asked to" path=/tmp/a.sock empty=""',
    )
  })

  test('leaves out what is not known', () => {
    expect(formatBreadcrumb(spawn)).toBe('2026-03-01T12:00:00.000Z tui pid=71 spawn')
  })

  test('makes line breaks and control characters harmless wherever they stand', () => {
    const evil = 'a\nb\r\u001b[2J\u0000\u0085\u2028\u2029\u202e\u{e0001}\ud800"\\'
    const line = formatBreadcrumb({at, who: evil, pid: 1, session: evil, what: evil, facts: {[evil]: evil}})
    expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    expect(parseBreadcrumb(line)).toMatchObject({
      who: 'a-b-2J-',
      session: evil,
      what: 'a-b-2J-',
      facts: {'a-b-2J-': evil},
    })
  })

  test('never writes more than 4096 characters, and says how many more there were', () => {
    const whole = 'x'.repeat(10_000)
    const line = formatBreadcrumb({...spawn, facts: {text: whole}})
    const [, kept = '', cut] = /text=(x+) …\+(\d+)$/.exec(line) ?? []
    expect(line.length).toBeLessThanOrEqual(4096)
    expect(line.length).toBeGreaterThan(4090)
    expect(kept.length + Number(cut)).toBe(whole.length)
  })

  test('keeps a line of exactly 4096 characters whole', () => {
    const room = 4096 - `${formatBreadcrumb(spawn)} text=`.length
    expect(formatBreadcrumb({...spawn, facts: {text: 'x'.repeat(room)}})).toHaveLength(4096)
    expect(formatBreadcrumb({...spawn, facts: {text: 'x'.repeat(room + 1)}})).toMatch(/ …\+\d+$/)
  })

  test('does not cut a character in two', () => {
    for (const shift of ['', 'x']) {
      const line = formatBreadcrumb({...spawn, facts: {text: `${shift} ${'😀'.repeat(3000)}`}})
      expect(line.isWellFormed()).toBe(true)
    }
  })

  test('throws for a time that is none', () => {
    expect(() => formatBreadcrumb({...spawn, at: Number.NaN})).toThrow(RangeError)
  })
})
