import assert from 'node:assert/strict'

import {planRecovery, type InstanceEvent, type RecoveryPlan} from '@holdfast/recovery'

const history: InstanceEvent[] = [
  {kind: 'start', at: 0},
  {kind: 'ready', at: 20},
  {kind: 'end', at: 900},
]
const plan: RecoveryPlan = planRecovery(history, 900)
assert.equal(plan.kind, 'restart')
