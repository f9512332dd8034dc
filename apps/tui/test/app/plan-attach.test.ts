import {expect, test} from 'vitest'

import {planAttach, type AttachFacts, type AttachPlan} from '../../src/app/attaching/plan-attach.ts'

const facts: AttachFacts = {
  setting: 'auto',
  input: 'terminal',
  isReached: true,
  isOurs: true,
  isAttachedElsewhere: false,
  isDeclined: false,
  isBusy: false,
}

test.each<[string, Partial<AttachFacts>, AttachPlan]>([
  ['a program that wants it', {}, 'give'],
  ['one that reads nothing', {input: 'none'}, 'nothing'],
  ['one that reads a line', {input: 'line'}, 'nothing'],
  ['one that hides a line', {input: 'hidden'}, 'nothing'],
  ['none', {input: undefined}, 'nothing'],
  ['one that cannot be reached', {isReached: false}, 'nothing'],
  ['one of another screen', {isOurs: false}, 'offer'],
  ['one that another client has', {isAttachedElsewhere: true}, 'offer'],
  ['one that the user has left', {isDeclined: true}, 'offer'],
  ['one that begins while the user types', {isBusy: true}, 'offer'],
  ['with attach: ask', {setting: 'ask'}, 'offer'],
  ['with attach: key', {setting: 'key'}, 'offer'],
])('%s: %j', (_, changes, plan) => {
  expect(planAttach({...facts, ...changes})).toBe(plan)
})
