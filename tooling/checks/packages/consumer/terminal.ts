import assert from 'node:assert/strict'

import {createRunOutput, toPlainOutput} from '@holdfast/terminal'

assert.equal(toPlainOutput('loading 10%\rloading 100%\n'), 'loading 100%\n')

const output = createRunOutput({size: {cols: 80, rows: 24}, depth: 1, convertEol: false, onChange() {}})
output.add('one\r\ntwo\rTWO\r\n')
assert.deepEqual((await output.end()).lines, ['one', 'TWO'])
