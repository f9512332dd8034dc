import {existsSync, renameSync, rmSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {bundle} from './bundle.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Beside the old build until it is done, so that nobody meets half a build.
const folder = at(`dist.new-${process.pid}`)
await bundle(at('src/main.ts'), folder)

const old = at(`dist.old-${process.pid}`)
if (existsSync(at('dist'))) renameSync(at('dist'), old)
renameSync(folder, at('dist'))
rmSync(old, {recursive: true, force: true})
