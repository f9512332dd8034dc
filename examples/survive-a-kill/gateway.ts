import {writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {runGateway} from '@holdfast/gateway'

const [, , home = ''] = process.argv
const host = fileURLToPath(new URL('host.ts', import.meta.url))
// main.ts reads this to kill the gateway.
writeFileSync(`${home}/gateway.pid`, String(process.pid))
runGateway({
  home,
  hostCommand: [process.execPath, '--conditions=holdfast-source', host, home],
  version: '1.0.0',
  breadcrumbs: noBreadcrumbs,
})
