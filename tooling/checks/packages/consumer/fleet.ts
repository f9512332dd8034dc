import assert from 'node:assert/strict'

import {chooseMachine, openFleet} from '@holdfast/fleet'

const machines = [{name: 'a', instance: '1', labels: ['agent:claude'], accepts: true}]
assert.equal(chooseMachine({sessionId: 'k2v7q0m3xw', needs: ['agent:claude']}, machines)?.name, 'a')
assert.equal(chooseMachine({sessionId: 'k2v7q0m3xw', needs: ['agent:codex']}, machines), undefined)
await assert.rejects(openFleet(['nats://127.0.0.1:1']), {code: 'unreachable'})
