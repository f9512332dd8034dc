import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {format, mediansOf, type Measurement} from '../report.ts'
import {benchScale} from '../scale/bench-scale.ts'
import {measuredCosts} from '../scale/costs.ts'
import {demandOf} from '../scale/demand.ts'
import {createEventQueue} from '../scale/event-queue.ts'
import {shapeOf} from '../scale/fleet-shape.ts'
import {simulateTakeOver} from '../scale/simulate-take-over.ts'

const oneDies = {seed: 1, dead: 1, untilMs: 60_000}

test('events come in the order of their times, and of their adding', () => {
  const queue = createEventQueue<number>()
  for (const at of [3, 1, 2, 1, 5, 0, 1]) queue.add(at, queue.size)
  const taken = Array.from({length: 7}, () => queue.take()!)
  expect(taken.map(({at, event}) => [at, event])).toEqual([
    [0, 5],
    [1, 1],
    [1, 3],
    [1, 6],
    [2, 2],
    [3, 0],
    [5, 4],
  ])
  expect(queue.take()).toBeUndefined()
})

test('a seed has one outcome, and another seed another one', () => {
  const outcome = simulateTakeOver(shapeOf(100), measuredCosts, oneDies)
  expect(simulateTakeOver(shapeOf(100), measuredCosts, oneDies)).toEqual(outcome)
  expect(simulateTakeOver(shapeOf(100), measuredCosts, {...oneDies, seed: 2}).ready).not.toEqual(outcome.ready)
})

test('the sessions of a dead machine are ready once, after its lease has run out and before a second later', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const {ready, orphans, lapses} = simulateTakeOver(shapeOf(100), measuredCosts, {...oneDies, seed})
    expect(ready).toHaveLength(orphans)
    expect(ready[0]).toBeGreaterThan((shapeOf(100).leaseMs * 2) / 3)
    expect(ready.at(-1)).toBeLessThan(shapeOf(100).leaseMs + 1000)
    expect(lapses).toBe(0)
  }
})

test('servers that are too slow for a fleet lose the leases of machines that live', () => {
  const {servers, ...shape} = shapeOf(100)
  const slow = {...shape, servers: {...servers, cores: 0.01}}
  expect(simulateTakeOver(slow, measuredCosts, oneDies).lapses).toBeGreaterThan(100)
})

test('lists grow with the square of the fleet, and everything else with its size', () => {
  const [small, large] = [100, 1000].map((machines) => demandOf(shapeOf(machines), measuredCosts))
  expect(large!.sent.leases / small!.sent.leases).toBeCloseTo(100)
  expect(large!.sent.sessions / small!.sent.sessions).toBeCloseTo(100)
  expect(large!.cores.events / small!.cores.events).toBeCloseTo(10)
  expect(large!.memory.sessions / small!.memory.sessions).toBeCloseTo(10)
})

test('the tables of docs/scale.md have the figures of the simulation', async () => {
  const measurements: Measurement[] = []
  const options = {rounds: 3, only: benchScale.cases, agentTty: undefined}
  for await (const measurement of benchScale.measure(options)) measurements.push(measurement)
  const median = mediansOf(measurements)
  const rows = [...new Set(measurements.map(({metric}) => metric))].map((metric) =>
    [metric, ...benchScale.contenders.map((fleet) => format(median(metric, fleet)))].join(' | '),
  )
  const page = readFileSync(new URL('../../../docs/scale.md', import.meta.url), 'utf8')
  expect(page.match(/(?<=^\| ).+ \| .+(?= \|$)/gm)).toEqual(expect.arrayContaining(rows))
})
