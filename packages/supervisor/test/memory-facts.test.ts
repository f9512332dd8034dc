import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {readCgroup} from '../src/memory/memory-facts.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cgroup-'))
})
afterEach(() => rm(root, {recursive: true}))

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), {recursive: true})
    await writeFile(join(root, name), text)
  }
}

test('reads cgroup version 2, without cached files that can be dropped', async () => {
  await write({
    'user.slice/memory.max': '1000\n',
    'user.slice/memory.current': '900\n',
    'user.slice/memory.stat': 'anon 500\ninactive_file 300\n',
  })
  expect(readCgroup(root, '0::/user.slice\n')).toEqual({usedBytes: 600, limitBytes: 1000})
})

test('reads the root in a container, where the path is the machine’s', async () => {
  await write({'memory.max': '1000', 'memory.current': '900'})
  expect(readCgroup(root, '0::/docker/abc\n')).toEqual({usedBytes: 900, limitBytes: 1000})
})

test('reads cgroup version 1', async () => {
  await write({
    'memory/app/memory.limit_in_bytes': '1000',
    'memory/app/memory.usage_in_bytes': '900',
    'memory/app/memory.stat': 'cache 1\ntotal_inactive_file 100\n',
  })
  const membership = '12:cpu,cpuacct:/app\n5:memory:/app\n0::/\n'
  expect(readCgroup(root, membership)).toEqual({usedBytes: 800, limitBytes: 1000})
})

test('returns nothing where there is no limit', async () => {
  await write({'memory.max': 'max', 'memory.current': '900'})
  await write({'memory/memory.limit_in_bytes': '9223372036854771712', 'memory/memory.usage_in_bytes': '900'})
  expect(readCgroup(root, '0::/\n5:memory:/\n')).toBeUndefined()
  expect(readCgroup(root, '')).toBeUndefined()
})
