import assert from 'node:assert/strict'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {createBreadcrumbs, parseBreadcrumb} from '@holdfast/breadcrumbs'

const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
const file = join(folder, 'crash.log')
createBreadcrumbs({file, who: 'consumer'}).record('exit', {code: 1})
const line = await readFile(file, 'utf8')
assert.deepEqual(parseBreadcrumb(line.trimEnd())?.facts, {code: 1})
await rm(folder, {recursive: true})
