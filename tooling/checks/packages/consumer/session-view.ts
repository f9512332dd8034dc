import assert from 'node:assert/strict'

import {createAgentActivity, describeEnd, orderSessions} from '@holdfast/session-view'

assert.equal(describeEnd({prompt_id: 'a', status: 'complete', exit_code: 3, duration_ms: 300}), '✗ exit 3 · 0.3 s')
assert.equal(createAgentActivity().view(), undefined)
assert.deepEqual(orderSessions([]), [])
