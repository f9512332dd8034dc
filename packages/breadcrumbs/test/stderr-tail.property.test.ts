import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {createStderrTail} from '../src/stderr/stderr-tail.ts'

const characters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')
const token = fc.string({unit: fc.constantFrom(...characters), minLength: 24, maxLength: 80})
const capitals = fc.string({unit: fc.constantFrom(...characters.slice(0, 26)), minLength: 16, maxLength: 16})
const long = fc.oneof({weight: 3, arbitrary: token}, {weight: 1, arbitrary: fc.constant('Zq7'.repeat(2000))})

/** What is written, and the part of it that must never be seen. */
const anySecret = fc.oneof(
  long.map((value) => [`Bearer ${value}`, value]),
  long.map((value) => [`Authorization: Basic ${value}=`, value]),
  fc
    .tuple(fc.constantFrom('API_KEY=', 'password: ', 'client_secret = ', 'x-api-key:', '--token ', 'DB_PASS='), long)
    .map(([name, value]) => [name + value, value]),
  long.map((value) => [`Cookie: theme=dark; session=${value}; a=b`, value]),
  fc
    .tuple(token, fc.integer({min: 1, max: 1500}))
    .map(([value, count]) => [`Set-Cookie: session=${`${value}; `.repeat(count)}`, value]),
  long.map((value) => [`curl -s -u ada:${value} https://example.org`, value]),
  token.map((value) => [`SG.${value}.${value}`, value]),
  long.map((value) => [`postgres://ada:${value}@db.example:5432/x`, value]),
  long.map((value) => [`https://example.org/a?code=${value}`, value]),
  long.map((value) => [`{"id":1,"token":"${value}","next":2}`, value]),
  long.map((value) => [`{"password": "two ${value} words \\" and a quote"}`, value]),
  fc
    .tuple(token, fc.integer({min: 1, max: 1500}))
    .map(([value, count]) => [`{"password": "${`${value} `.repeat(count)}"}`, value]),
  long.map((value) => [JSON.stringify(`{"token":"${value}"}`), value]),
  fc.tuple(fc.constantFrom('ghp_', 'github_pat_', 'sk-', 'xoxb-', 'npm_'), token).map(([a, b]) => [a + b, b]),
  capitals.map((value) => [`AKIA${value}`, value]),
  token.map((value) => [`eyJ${value}.${value}.${value}`, value]),
  fc
    .array(token, {minLength: 1, maxLength: 400})
    .map((lines) => [
      `-----BEGIN EC PRIVATE KEY-----\n${lines.join('\n')}\n-----END EC PRIVATE KEY-----`,
      lines.join('\n'),
    ]),
) as fc.Arbitrary<[written: string, hidden: string]>

/** Other text between: words, lines, characters of 1 to 4 bytes, and much of it, so that the secret crosses every cut. */
const filler = fc.oneof(
  fc.constantFrom('\n', ' ', '\r\n', 'Error: the disk is full\n    at write (a.js:1:2)\n', ' ü€😀 '),
  fc
    .tuple(fc.constantFrom('x', 'word ', 'a line\n', 'ü', '€ ', '😀'), fc.integer({min: 0, max: 20_000}))
    .map(([text, length]) => `${text.repeat(Math.ceil(length / text.length))}\n`),
)

/** Parts of a secret, each long enough not to be found elsewhere by chance. */
function* partsOf(hidden: string): Generator<string> {
  for (const line of hidden.split('\n')) {
    for (let at = 0; at + 12 <= line.length; at += 6) yield line.slice(at, at + 12)
  }
}

test('no part of a secret is shown, wherever the text is cut and however it arrives', () => {
  const chunkSize = fc.oneof(fc.integer({min: 1, max: 7}), fc.integer({min: 8, max: 70_000}))
  const story = fc.array(fc.tuple(filler, anySecret), {minLength: 1, maxLength: 4})
  fc.assert(
    fc.property(story, filler, chunkSize, fc.nat(), (parts, end, size, stopAt) => {
      const bytes = Buffer.from(parts.map(([before, [written]]) => `${before}${written}\n`).join('') + end)
      const hidden = parts.flatMap(([, [, value]]) => [...partsOf(value)])
      const tail = createStderrTail()
      const looks = new Set([bytes.length, stopAt % bytes.length])
      for (let at = 0; at < bytes.length; at += size) {
        tail.push(bytes.subarray(at, at + size))
        const isLook = [...looks].some((look) => look > at && look <= at + size)
        if (!isLook) continue
        const text = tail.text()
        expect(hidden.find((part) => text.includes(part))).toBeUndefined()
        expect(text.length).toBeLessThanOrEqual(4096)
        expect(text).not.toContain('\uFFFD')
      }
    }),
    {numRuns: 300},
  )
})

test.each([
  'Bearer S3cretS3cretS3cret',
  'Authorization: Basic S3cretS3cretS3cret=',
  '{"token": "S3cretS3cretS3cret"}',
  'password = S3cretS3cretS3cret',
  'postgres://ada:S3cretS3cretS3cret@db.example/x',
  'DB_PASS=S3cretS3cretS3cret',
  'curl -u ada:S3cretS3cretS3cret',
  'SG.S3cretS3cretS3cret.S3cretS3cretS3cret',
  'ghp_S3cretS3cretS3cret',
  '-----BEGIN PRIVATE KEY-----\nS3cretS3cretS3cret\nS3cretS3cretS3cret\n-----END PRIVATE KEY-----',
])('no cut at any character shows %j', (secret) => {
  for (let behind = 4000; behind < 4200 + secret.length; behind++) {
    const tail = createStderrTail()
    // More than is kept as it was written: it is cut 4096 characters before its end.
    const start = `${secret} `.padEnd(behind, 'x')
    tail.push(Buffer.from('b '.repeat(9000).slice(start.length) + start))
    // The word becomes too long to be shown, so that what was cut comes into view.
    tail.push(Buffer.from(`${'x'.repeat(4096)}\nthe end`))
    expect(tail.text()).toMatch(/b b [^]*\*\*\*[^]* \*\*\*\nthe end$/)
    expect(tail.text()).not.toMatch(/cret/)
  }
})

test('without secrets, the text is the end of what was written', () => {
  const words = fc.array(fc.string({unit: fc.constantFrom('a', 'ü', '€', '😀', ' ', '\n'), maxLength: 2000}), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(words, fc.integer({min: 1, max: 50_000}), (parts, size) => {
      // No word of more than 2000 characters.
      const written = parts.join('\n')
      const bytes = Buffer.from(written)
      const tail = createStderrTail()
      for (let at = 0; at < bytes.length; at += size) tail.push(bytes.subarray(at, at + size))
      const text = tail.text()
      expect(written.endsWith(text)).toBe(true)
      expect(text.length).toBeGreaterThanOrEqual(Math.min(written.length, 4095))
    }),
  )
})

test('a word without end is masked, and costs no more than 64 KiB', () => {
  const tail = createStderrTail()
  for (let i = 0; i < 500; i++) tail.push(Buffer.from('ü'.repeat(1000)))
  tail.push(Buffer.from('! Then it died.\n'))
  expect(tail.text()).toBe('*** Then it died.\n')
})
