import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {createBreadcrumbs, readCrashLog} from '@holdfast/breadcrumbs'

const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
const file = join(folder, 'crash.log')
createBreadcrumbs({file, role: 'consumer'}).record('exit', {code: 1})
assert.deepEqual(readCrashLog(file).breadcrumbs[0]?.facts, {code: 1})
await rm(folder, {recursive: true})
