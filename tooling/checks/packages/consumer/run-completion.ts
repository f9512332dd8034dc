import assert from 'node:assert/strict'

import {bashHook, createNonce, createRunTracker} from '@holdfast/run-completion'

const nonce = createNonce()
assert.match(bashHook(nonce), new RegExp(nonce))
const facts = createRunTracker(nonce).feed(Buffer.from(`hello\x1b]7133;${nonce};end;3;/tmp\x07`))
assert.deepEqual(facts.at(-1), {kind: 'end', exitCode: 3, cwd: '/tmp'})
