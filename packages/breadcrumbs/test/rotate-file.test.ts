import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {rotateFile} from '../src/log/rotate-file.ts'

test('leaves the new file in place when another process has just moved the full one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rotate-'))
  const file = join(folder, 'crash.log')
  await writeFile(`${file}.1`, 'the full file')
  await writeFile(file, 'new')
  rotateFile(file, 3)
  rotateFile(join(folder, 'missing.log'), 3)
  expect(await readdir(folder)).toEqual(['crash.log', 'crash.log.1'])
  expect(await readFile(`${file}.1`, 'utf8')).toBe('the full file')
  await rm(folder, {recursive: true})
})
