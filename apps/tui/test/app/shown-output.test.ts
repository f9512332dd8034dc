import {expect, test} from 'vitest'

import {createShownOutput} from '../../src/app/attaching/shown-output.ts'

const bytes = (text: string) => Buffer.from(text)
const missedBy = (shown: ReturnType<typeof createShownOutput>) => {
  const missed = shown.takeMissed()
  return missed === undefined ? undefined : Buffer.from(missed).toString()
}

test('whichever of the two is ahead, the terminal lacks what only the log has', () => {
  const shown = createShownOutput()
  shown.begin(bytes('\x1b[?2004h'))
  shown.show(bytes('one'))
  shown.log(bytes('on'))
  shown.log(bytes('e two'))
  shown.show(bytes(' t'))
  shown.log(bytes(' three'))
  expect(missedBy(shown)).toBe('wo three')
  expect(missedBy(shown)).toBe('')
  shown.log(bytes('four'))
  shown.show(bytes('fo'))
  expect(missedBy(shown)).toBe('ur')
})

test('frames of the alternate screen are not compared, as the log has none', () => {
  const shown = createShownOutput()
  shown.begin(bytes('\x1b[?1049h\x1b[Hframe'))
  expect(shown.isAlternate).toBe(true)
  shown.show(bytes('another frame\x1b[?1049l'))
  shown.show(bytes('one'))
  shown.log(bytes('\x1b[?1049lone two\x1b[?1049h'))
  expect(shown.isAlternate).toBe(false)
  expect(missedBy(shown)).toBe(' two\x1b[?1049h')
  expect(shown.isAlternate).toBe(true)
})

test('after a whole screen, and after too much, it is unknown; what is taken begins anew', () => {
  const shown = createShownOutput()
  shown.show(bytes('one'))
  shown.repaint(bytes('screen'))
  shown.log(bytes('one two'))
  expect(missedBy(shown)).toBeUndefined()
  shown.log(bytes('three'))
  expect(missedBy(shown)).toBe('three')
  for (let count = 0; count < 3; count++) shown.log(Buffer.alloc(1024 * 1024))
  expect(missedBy(shown)).toBeUndefined()
})

test('output that the log left out is not missed later', () => {
  const shown = createShownOutput()
  shown.show(bytes('elided'))
  expect(missedBy(shown)).toBe('')
  shown.log(bytes('new'))
  expect(missedBy(shown)).toBe('new')
})

test('queries in missed output, which the host has answered, are not asked again', () => {
  const shown = createShownOutput()
  shown.show(bytes('one'))
  shown.log(bytes('one\x1b[6ntwo\x1b]11;?\x1b\\\x1b[31mthree\x1b[c'))
  expect(missedBy(shown)).toBe('two\x1b[31mthree')
})

test('output that the log brings later is not missed because some was taken before', () => {
  const shown = createShownOutput()
  shown.show(bytes('one two'))
  shown.log(bytes('one'))
  expect(shown.takeLogged()).toHaveLength(0)
  shown.log(bytes(' two three'))
  expect(Buffer.from(shown.takeLogged()!).toString()).toBe(' three')
})

test('at the end, the terminal may be ahead of the log; after a whole screen, nobody knows by how much', () => {
  const shown = createShownOutput()
  shown.log(bytes('on'))
  shown.show(bytes('one \x1b[?1049hframe\x1b[?1049ltwo'))
  expect(Buffer.from(shown.end()).toString()).toBe('e \x1b[?1049h\x1b[?1049ltwo')
  expect(shown.isEnded).toBe(true)
  expect(missedBy(shown)).toBe('')
  shown.show(bytes('three'))
  shown.repaint(bytes('screen'))
  expect(shown.end()).toHaveLength(0)
})

test('of a terminal far ahead of the log, only the length is known: the log brings the rest later', () => {
  const shown = createShownOutput()
  for (let count = 0; count < 3; count++) shown.show(Buffer.alloc(1024 * 1024))
  for (let count = 0; count < 3; count++) shown.log(Buffer.alloc(1024 * 1024))
  shown.log(bytes('last'))
  expect(Buffer.from(shown.takeLogged()!).toString()).toBe('last')
  shown.show(Buffer.alloc(2 * 1024 * 1024))
  expect(shown.end()).toHaveLength(0)
})
