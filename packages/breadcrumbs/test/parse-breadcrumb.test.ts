import {describe, expect, test} from 'vitest'
import {type Breadcrumb, type Fact, formatBreadcrumb, parseBreadcrumb} from '@holdfast/breadcrumbs'

const breadcrumb: Breadcrumb = {at: Date.UTC(2026, 2, 1, 12), who: 'host', pid: 9, what: 'exit', facts: {}}

describe('parseBreadcrumb', () => {
  const texts = [
    '',
    ' ',
    'word',
    'two words',
    'a=b',
    '"quoted"',
    '\\',
    '\\u0041',
    'tab\tline\nescape\u001b',
    'ü 😀 \u{e0001}',
  ]
  const lookAlikes = [
    'true',
    'null',
    'NaN',
    '-Infinity',
    '12',
    '-1',
    '0x1f',
    ' …+12',
    '…+12',
    '\ud800 alone',
    "__proto__'s",
  ]
  const scalars = [0, -1, 1.5, 1e21, 1e-7, Number.NaN, Infinity, -Infinity, true, false, null]

  test.each<Fact>([...texts, ...lookAlikes, ...scalars])('gives back the fact %j', (fact) => {
    const written: Breadcrumb = {...breadcrumb, facts: {before: 1, fact, after: 'x'}}
    expect(parseBreadcrumb(formatBreadcrumb(written))).toEqual(written)
  })

  test('gives back life, session, and facts that bear the names of fields', () => {
    const written = {...breadcrumb, generation: 3, session: '12', facts: {pid: 1, gen: 2, session: 's', at: 0}}
    expect(parseBreadcrumb(formatBreadcrumb(written))).toEqual(written)
  })

  test.each([1, 2, 3, 4, 5, 6, 7])('reads a cut line wherever the cut fell (%i)', (shift) => {
    const text = `${'x'.repeat(shift)}${'\u0001'.repeat(2000)}`
    const read = parseBreadcrumb(formatBreadcrumb({...breadcrumb, facts: {code: 1, text}}))
    expect(read).toMatchObject({what: 'exit', facts: {code: 1}, cut: expect.any(Number)})
    expect(text.startsWith(String(read?.facts['text']))).toBe(true)
  })

  test('leaves out a number that may have been cut', () => {
    for (let length = 4000; length < 4096; length += 1) {
      const facts = {text: 'x'.repeat(length), n: 123_456_789, more: 'y'.repeat(100)}
      const read = parseBreadcrumb(formatBreadcrumb({...breadcrumb, facts}))
      expect([undefined, facts.n]).toContain(read?.facts['n'])
    }
  })

  test.each([
    ['an empty line', ''],
    ['other text', 'Error: out of luck'],
    ['a line without a time', 'tui pid=1 spawn'],
    ['a time that is none', '2026-99-01T12:00:00.000Z tui pid=1 spawn'],
    ['a line without a process', '2026-03-01T12:00:00.000Z tui spawn'],
    ['a line without a word for what happened', '2026-03-01T12:00:00.000Z tui pid=1'],
    ['half a line', '2026-03-01T12:00:00.000Z tui pid=1 exit reason="asked'],
    ['a wrong escape', '2026-03-01T12:00:00.000Z tui pid=1 exit reason="\\q"'],
    ['two lines in one', '2026-03-01T12:00:00.000Z tui pid=1 exit reason="a"2026-03-01T12:00:00.000Z tui pid=1 exit'],
  ])('takes %s for no breadcrumb', (_, line) => {
    expect(parseBreadcrumb(line)).toBeUndefined()
  })
})
