import {expect, test} from 'vitest'

import {members, planFleetSchedule, type FleetFault} from '../fleet/fleet-schedule.ts'

const leaseMs = 3000
const schedules = Array.from({length: 300}, (_, index) => planFleetSchedule(index + 1, leaseMs))
const faults = schedules.flatMap(({steps}) => steps.filter((step): step is FleetFault => step.kind === 'fault'))

test('a seed has one schedule, and another seed another one', () => {
  expect(planFleetSchedule(7, leaseMs)).toEqual(planFleetSchedule(7, leaseMs))
  expect(planFleetSchedule(8, leaseMs).steps).not.toEqual(planFleetSchedule(7, leaseMs).steps)
})

test('each victim meets each fault, for less and for more than a lease', () => {
  const kinds = new Set(faults.map(({victim, how}) => `${victim} ${how}`))
  const signals = ['server', 'machine', 'serve', 'host', 'gateway'].flatMap((victim) => [
    `${victim} SIGKILL`,
    `${victim} SIGSTOP`,
  ])
  expect([...kinds].sort()).toEqual([...signals, 'lines cut', 'lines freeze'].sort())
  for (const victim of ['machine', 'lines']) {
    const durations = faults.filter((fault) => fault.victim === victim).map(({ms}) => ms)
    expect(Math.min(...durations)).toBeLessThan(leaseMs / 2)
    expect(Math.max(...durations)).toBeGreaterThan(leaseMs * 1.5)
  }
})

test('no two prompts of a schedule have the same id, and every index is that of a member', () => {
  for (const {steps} of schedules) {
    const prompts = steps.flatMap((step) => (step.kind === 'prompt' ? [step] : []))
    expect(new Set(prompts.map(({prompt}) => prompt.id)).size).toBe(prompts.length)
    for (const {client} of prompts) expect(client).toBeLessThan(members.clients)
  }
})
