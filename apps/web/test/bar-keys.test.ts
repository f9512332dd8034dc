import {expect, test} from 'vitest'

import {barKeys, encodeBarKey, isOneCharacter, modifyTyped, noModifiers} from '../src/terminal/bar-keys.ts'

const normal = {applicationCursor: false}

test('each key of the bar sends what a terminal sends for it', () => {
  expect(barKeys.map(({name}) => encodeBarKey(name, noModifiers, normal)).join(' ')).toBe(
    '\u001b \t \u001b[D \u001b[B \u001b[A \u001b[C \u0003 | / ~ -',
  )
})

test('arrows follow the cursor mode that the program has set', () => {
  expect(encodeBarKey('Up', noModifiers, {applicationCursor: true})).toBe('\u001bOA')
})

test('held modifiers change a key of the bar, and a typed character', () => {
  expect(encodeBarKey('Left', {ctrl: true, alt: false}, normal)).toBe('\u001b[1;5D')
  expect(encodeBarKey('/', {ctrl: true, alt: false}, normal)).toBe('\u001f')
  expect(modifyTyped('r', {ctrl: true, alt: false})).toBe('\u0012')
  expect(modifyTyped('b', {ctrl: false, alt: true})).toBe('\u001bb')
  expect(modifyTyped('c', {ctrl: true, alt: true})).toBe('\u001b\u0003')
})

test('a character without such a combination stays as it is', () => {
  expect(modifyTyped('1', {ctrl: true, alt: false})).toBe('1')
  expect(modifyTyped('ü', {ctrl: true, alt: false})).toBe('ü')
  expect(encodeBarKey('~', {ctrl: true, alt: false}, normal)).toBe('~')
})

test('a word of an on-screen keyboard and an answer of the terminal are no keys that a modifier changes', () => {
  expect(['a', '👍', 'word', '\u001b[0n', ''].map(isOneCharacter)).toEqual([true, true, false, false, false])
})
