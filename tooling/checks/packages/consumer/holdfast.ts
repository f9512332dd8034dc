/** The installed command. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'

const modules = join(import.meta.dirname, 'node_modules')
const holdfast = (...args: string[]) => execFileSync(join(modules, '.bin/holdfast'), args, {encoding: 'utf8'})

const {version} = JSON.parse(readFileSync(join(modules, 'holdfast/package.json'), 'utf8')) as {version: string}
assert.equal(holdfast('--version'), `${version}\n`)
assert.equal(holdfast('run', '--', 'echo hi'), 'hi\n')
holdfast('close', '--all')
