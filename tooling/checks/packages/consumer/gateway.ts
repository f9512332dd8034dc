import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {openInProcessGateway} from '@holdfast/gateway'
import {createConnection} from '@holdfast/rpc'

const home = await mkdtemp(join(tmpdir(), 'consumer-'))
const hostCommand = [process.execPath, '/nowhere/host.js'] as const
const gateway = createConnection(
  openInProcessGateway({home, hostCommand, version: '1.0.0', breadcrumbs: noBreadcrumbs}),
)
assert.deepEqual(await gateway.request('session.list'), {sessions: []})
await gateway.close()
await rm(home, {recursive: true})
