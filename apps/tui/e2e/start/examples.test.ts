import {execFile} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'

const examples = fileURLToPath(new URL('../../../../examples', import.meta.url))
const names = readdirSync(examples, {withFileTypes: true})
  .filter((entry) => entry.isDirectory())
  .map(({name}) => name)

test.each(names)('the example %s runs, and its assertions hold', async (name) => {
  const cwd = `${examples}/${name}`
  const {scripts} = JSON.parse(readFileSync(`${cwd}/package.json`, 'utf8')) as {scripts: {start: string}}
  if (scripts.start.startsWith('python3')) need('python3')
  if (name === 'fleet') need('nats-server')
  // The Node that runs the tests, whatever the machine calls `node`.
  const env = {...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`}
  const {stdout, stderr} = await promisify(execFile)('sh', ['-c', scripts.start], {cwd, env})
  expect(stdout).not.toBe('')
  expect(stderr).toBe('')
})
