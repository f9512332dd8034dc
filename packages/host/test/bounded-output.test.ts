import {decodeOutput} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createBoundedOutput} from '../src/output/bounded-output.ts'

/** What comes out, in order: text, and what was said of it. */
function open(maxBytes: number, tailBytes: number) {
  const out: string[] = []
  const output = createBoundedOutput({
    maxBytes,
    tailBytes,
    onBatch: (batch) => out.push(Buffer.from(decodeOutput(batch)).toString()),
    onFull: () => out.push('<full>'),
    onElided: (bytes) => out.push(`<${bytes}>`),
  })
  const add = (text: string) => output.add(Buffer.from(text))
  return {out, add, flush: output.flush}
}

test('gives out all that is within the bound', () => {
  const {out, add, flush} = open(6, 4)
  add('abc')
  add('def')
  flush()
  expect(out).toEqual(['abcdef'])
})

test('keeps the beginning and the end, and says how much is missing between them', () => {
  const {out, add, flush} = open(6, 4)
  for (const text of ['abcd', 'efgh', 'ijklm', 'n', 'opq']) add(text)
  expect(out).toEqual(['abcdef', '<full>'])
  flush()
  expect(out).toEqual(['abcdef', '<full>', '<7>', 'nopq'])
})

test('says nothing of elision when the end holds all the rest', () => {
  const {out, add, flush} = open(6, 4)
  add('abcdefghij')
  flush()
  expect(out).toEqual(['abcdef', '<full>', 'ghij'])
})

test('keeps the end only, where the bound is 0', () => {
  const {out, add, flush} = open(0, 4)
  add('abcdefghij')
  flush()
  expect(out).toEqual(['<full>', '<6>', 'ghij'])
})

test('cuts no character in two', () => {
  const {out, add, flush} = open(2, 5)
  add('a\u{1f980}\u{1f980}')
  flush()
  expect(out).toEqual(['a', '<full>', '<4>', '\u{1f980}'])
})

test('keeps the end of small pieces as of large ones', () => {
  const text = Array.from({length: 5000}, (_, index) => String(index)).join(' ')
  for (const size of [1, 7, 999, 1000, 1001, 5000]) {
    const {out, add, flush} = open(0, 1000)
    for (let at = 0; at < text.length; at += size) add(text.slice(at, at + size))
    flush()
    expect(out).toEqual(['<full>', `<${text.length - 1000}>`, text.slice(-1000)])
  }
})
