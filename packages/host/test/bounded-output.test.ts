import {decodeOutput} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createBoundedOutput} from '../src/output/bounded-output.ts'

/** Records text, `full` and elisions in order. */
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

test('gives out all output within the bound', () => {
  const {out, add, flush} = open(6, 4)
  add('abc')
  add('def')
  flush()
  expect(out).toEqual(['abcdef'])
})

test('keeps the beginning and the end, and counts the bytes between them', () => {
  const {out, add, flush} = open(6, 4)
  for (const text of ['abcd', 'efgh', 'ijklm', 'n', 'opq']) add(text)
  expect(out).toEqual(['abcdef', '<full>'])
  flush()
  expect(out).toEqual(['abcdef', '<full>', '<7>', 'nopq'])
})

test('reports no elision if the kept end holds the whole rest', () => {
  const {out, add, flush} = open(6, 4)
  add('abcdefghij')
  flush()
  expect(out).toEqual(['abcdef', '<full>', 'ghij'])
})

test('keeps only the end if the bound is 0', () => {
  const {out, add, flush} = open(0, 4)
  add('abcdefghij')
  flush()
  expect(out).toEqual(['<full>', '<6>', 'ghij'])
})

test('does not split a character', () => {
  const {out, add, flush} = open(2, 5)
  add('a\u{1f980}\u{1f980}')
  flush()
  expect(out).toEqual(['a', '<full>', '<4>', '\u{1f980}'])
})

test('keeps the same end for small and large chunks', () => {
  const text = Array.from({length: 5000}, (_, index) => String(index)).join(' ')
  for (const size of [1, 7, 999, 1000, 1001, 5000]) {
    const {out, add, flush} = open(0, 1000)
    for (let at = 0; at < text.length; at += size) add(text.slice(at, at + size))
    flush()
    expect(out).toEqual(['<full>', `<${text.length - 1000}>`, text.slice(-1000)])
  }
})
