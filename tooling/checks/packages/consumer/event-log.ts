import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {openSqliteLog} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'

const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
const sessionId = createSessionId()
const log = openSqliteLog({file: join(folder, `${sessionId}.db`), sessionId, create: true})
log.append([{type: 'session.info', payload: {title: 'build', agent: 'shell', cwd: '/srv', created_at: 0}}])
assert.equal(log.latestSeq, 1)
log.close()
await rm(folder, {recursive: true})
