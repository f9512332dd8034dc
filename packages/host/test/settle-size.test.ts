import {expect, test} from 'vitest'

import {settleSize} from '../src/server/settle-size.ts'

let told = 0
const screen = (cols: number, rows: number, hasTyped = false) => ({size: {cols, rows}, hasTyped, toldAt: ++told})

test('nobody with a screen leaves the size as it is', () => {
  expect(settleSize([])).toBeUndefined()
})

test('of those that only look, the one that told its size last decides', () => {
  const last = screen(80, 24)
  expect(settleSize([last, screen(120, 40), screen(200, 50)].toReversed())?.size).toEqual({cols: 200, rows: 50})
  last.toldAt = ++told
  expect(settleSize([last, screen(120, 40), {...screen(200, 50), toldAt: 1}])?.setBy).toHaveLength(1)
})

test('the smallest of those that type decides, for each side, and it is said whose it is', () => {
  const [wide, high, other] = [screen(200, 20, true), screen(60, 60, true), screen(100, 30, true)]
  expect(settleSize([wide, high, other])).toEqual({size: {cols: 60, rows: 20}, setBy: [wide, high]})
})

test('one that only looks makes it no smaller, also where it comes last', () => {
  const desk = screen(120, 40, true)
  expect(settleSize([desk, screen(40, 20)])).toEqual({size: {cols: 120, rows: 40}, setBy: [desk]})
})

test('an attached terminal decides alone', () => {
  const attached = screen(100, 50)
  expect(settleSize([screen(40, 20, true), attached], attached)).toEqual({size: attached.size, setBy: [attached]})
})
