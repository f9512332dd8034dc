import assert from 'node:assert/strict'

import {createNonce, createRunTracker, markerPrefix} from '@holdfast/run-completion'

const nonce = createNonce()
const events = createRunTracker(nonce).feed(Buffer.from(`hello${markerPrefix(nonce)}end;3;/tmp\x07`))
assert.deepEqual(events.at(-1), {kind: 'end', exitCode: 3, cwd: '/tmp'})
