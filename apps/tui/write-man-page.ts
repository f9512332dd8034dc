/** Writes the man page of the built command into dist/. */
import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

const dist = join(import.meta.dirname, 'dist')
// A build changes nothing but dist/.
const env = {...process.env, NODE_DISABLE_COMPILE_CACHE: '1'}
const page = execFileSync(process.execPath, [join(dist, 'cli.cjs'), 'man-page'], {env})
mkdirSync(join(dist, 'man'))
writeFileSync(join(dist, 'man/holdfast.1'), page)
