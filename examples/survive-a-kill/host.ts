import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {runHost} from '@holdfast/host'

const [, , sessionId = ''] = process.argv
const home = process.env['HOLDFAST_HOME'] ?? ''
await runHost({home, sessionId, version: '1.0.0', breadcrumbs: noBreadcrumbs})
