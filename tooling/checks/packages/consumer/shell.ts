import assert from 'node:assert/strict'

import {startShell} from '@holdfast/shell'

const shell = await startShell({cwd: process.cwd()})
let output = ''
const outcome = await shell.run('echo hi; (exit 3)', {onOutput: (data) => (output += Buffer.from(data).toString())})
assert.equal(output, 'hi\r\n')
assert.deepEqual(outcome, {kind: 'completed', exitCode: 3, cwd: process.cwd()})
await shell.close()
