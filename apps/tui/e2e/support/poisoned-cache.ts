import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

import {expect} from 'vitest'

import {cli} from './home.ts'

const main = join(dirname(cli), 'main.cjs')

/** What `holdfast --version` prints, and what it prints when it runs a poisoned code cache. */
export const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
export const poisonedVersion = version.replace(/^\d/, '9')

/** Puts code into a cache that prints another version: what an attacker could put there. */
export function poison(file: string): void {
  const script = `
    const {readFileSync, writeFileSync} = require('node:fs')
    const {setFlagsFromString} = require('node:v8')
    const {Script} = require('node:vm')
    const [main, file, version, poisonedVersion] = process.argv.slice(1)
    const source = readFileSync(main, 'utf8').replaceAll(JSON.stringify(version), JSON.stringify(poisonedVersion))
    setFlagsFromString('--no-lazy')
    const poisoned = new Script(source, {filename: main})
    setFlagsFromString('--lazy')
    const cache = readFileSync(file)
    const build = cache.subarray(cache.lastIndexOf('\\n', cache.length - 2))
    writeFileSync(file, Buffer.concat([poisoned.createCachedData(), build]))`
  const {status, stderr} = spawnSync(process.execPath, ['-e', script, main, file, version, poisonedVersion])
  expect({status, stderr: stderr.toString()}).toEqual({status: 0, stderr: ''})
}
