import {describe, expect, test} from 'vitest'
import {chooseToGiveUp, createReadBudget, createWriteBudget} from '../src/messages/peer-budget.ts'

describe('of connections that hold too much together', () => {
  const old = {bytes: 40, began: 1}
  const small = {bytes: 5, began: 0}
  const young = {bytes: 70, began: 2}

  test('none is given up within the bound', () => {
    expect(chooseToGiveUp([], 100)).toBe(undefined)
    expect(chooseToGiveUp([old, young], 110)).toBe(undefined)
  })

  test('the one that began first is given up, but no small one', () => {
    expect(chooseToGiveUp([small, young, old], 100)).toBe(old)
    expect(chooseToGiveUp([young, small], 70)).toBe(young)
    expect(chooseToGiveUp([old, {...old, began: 3}], 79)).toBe(old)
  })
})

test('a removed connection counts no more, whatever it reports later', () => {
  const budget = createWriteBudget(100)
  const ended: string[] = []
  const [gone, open] = [budget.add(() => ended.push('gone')), budget.add((message) => ended.push(message))]
  gone.hold(80)
  gone.remove()
  gone.hold(60)
  open.hold(100)
  expect(ended).toEqual([])
  open.hold(101)
  expect(ended).toEqual(['it left 101 bytes unread: all peers together may leave 100'])
})

test('a budget ends connections until the rest fits, and counts what ended no more', () => {
  const budget = createReadBudget(100)
  const ended: string[] = []
  const open = (name: string) => budget.add(() => ended.push(name))
  const [first, second, third] = [open('first'), open('second'), open('third')]
  first.hold(60)
  second.hold(30)
  expect(ended).toEqual([])
  second.hold(50)
  expect(ended).toEqual(['first'])
  third.hold(40)
  expect(ended).toEqual(['first'])
  second.hold(0)
  third.hold(100)
  expect(ended).toEqual(['first'])
  open('large').hold(101)
  expect(ended).toEqual(['first', 'third', 'large'])
})
