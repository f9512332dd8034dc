import {cpSync, existsSync} from 'node:fs'
import {join} from 'node:path'

// The page that `holdfast serve --web` serves is a part of the published package.
const page = join(import.meta.dirname, '../web/dist')
if (!existsSync(join(page, 'index.html'))) throw new Error(`Expected the page in ${page}: build apps/web first`)
cpSync(page, join(import.meta.dirname, 'dist/web'), {recursive: true})
