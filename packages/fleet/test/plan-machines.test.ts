import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {chooseMachine, planTakeOver, type HeldSession, type Machine} from '../src/machines/choose-machine.ts'
import {planLease} from '../src/machines/plan-lease.ts'

const label = fc.constantFrom('agent:claude', 'agent:codex', 'folder:/srv')
const machines: fc.Arbitrary<Machine[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    instance: fc.constant('1'),
    labels: fc.uniqueArray(label),
    accepts: fc.boolean(),
  }),
  {selector: ({name}) => name},
)
const sessions: fc.Arbitrary<HeldSession[]> = fc.array(
  fc.record({
    sessionId: fc.string({minLength: 1, maxLength: 8}),
    machine: fc.constantFrom('a', 'b', 'c', 'gone'),
    epoch: fc.nat(9),
    needs: fc.uniqueArray(label, {maxLength: 2}),
    state: fc.constantFrom('open', 'open', 'closed', 'deleted'),
  }),
  {maxLength: 30},
)

describe('planTakeOver', () => {
  test('gives each open session of a gone machine to exactly one machine that has all it needs, or to none', () => {
    fc.assert(
      fc.property(sessions, machines, (held, living) => {
        const plans = living.map((machine) => ({machine, plan: planTakeOver(held, living, machine.name)}))
        for (const session of held) {
          const takers = plans.filter(({plan}) => plan.take.includes(session)).map(({machine}) => machine)
          const isGone = session.state === 'open' && living.every(({name}) => name !== session.machine)
          const able = living.filter(
            ({accepts, labels}) => accepts && session.needs.every((need) => labels.includes(need)),
          )
          expect(takers).toHaveLength(isGone && able.length > 0 ? 1 : 0)
          for (const taker of takers) expect(able).toContain(taker)
          for (const {plan} of plans) expect(plan.stranded.includes(session)).toBe(isGone && able.length === 0)
        }
      }),
    )
  })

  test('does not depend on the order of the machines', () => {
    fc.assert(
      fc.property(sessions, machines, (held, living) => {
        for (const {name} of living) {
          expect(planTakeOver(held, living.toReversed(), name)).toEqual(planTakeOver(held, living, name))
        }
      }),
    )
  })
})

describe('chooseMachine', () => {
  test('moves only the sessions of the machine that leaves', () => {
    fc.assert(
      fc.property(sessions, machines, (held, living) => {
        const left = living.slice(1)
        for (const session of held) {
          const before = chooseMachine(session, living)
          if (before !== living[0]) expect(chooseMachine(session, left)).toBe(before)
        }
      }),
    )
  })

  test('spreads sessions evenly', () => {
    const living = ['a', 'b', 'c', 'd', 'e'].map((name) => ({name, instance: '1', labels: [], accepts: true}))
    const counts = new Map<string, number>()
    for (let index = 0; index < 5000; index++) {
      const name = chooseMachine({sessionId: `s${index}`, needs: []}, living)!.name
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('planLease', () => {
  test('renews after a third of the lease, and knows when it may have run out', () => {
    const facts = {renewedAt: 1000, leaseMs: 900}
    expect(planLease(facts, 1100)).toEqual({kind: 'wait', ms: 200})
    expect(planLease(facts, 1300)).toEqual({kind: 'renew'})
    expect(planLease(facts, 1899)).toEqual({kind: 'renew'})
    expect(planLease(facts, 1900)).toEqual({kind: 'expired'})
  })
})
