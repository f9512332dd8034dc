import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {openAccessStore} from '@holdfast/access'

const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
const store = openAccessStore(join(folder, 'access.db'))
const {code} = store.createCode({isReadOnly: false, deviceMs: 60_000})
assert.equal(store.redeem(code, 'phone').kind, 'paired')
assert.deepEqual(
  store.devices().map(({name}) => name),
  ['phone'],
)
store.close()
await rm(folder, {recursive: true})
