import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {runHost} from '@holdfast/host'

const [, , home = '', sessionId = ''] = process.argv
await runHost({home, sessionId, version: '1.0.0', breadcrumbs: noBreadcrumbs})
