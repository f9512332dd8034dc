import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterAll, expect, test} from 'vitest'

import {systemRandom} from '../src/system-random.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-random-'))
afterAll(() => rmSync(folder, {recursive: true}))

function fileOf(bytes: Uint8Array): string {
  const file = join(folder, `${bytes.length}-bytes`)
  writeFileSync(file, bytes)
  return file
}

test.each([
  ['the file of the system', undefined],
  ['Web Crypto where there is no such file', join(folder, 'missing')],
  ['Web Crypto where the file is empty', fileOf(new Uint8Array())],
  ['Web Crypto where the file is too short', fileOf(new Uint8Array(15))],
])('gives as many bytes as it is asked for, others each time: of %s', (_source, file) => {
  const [first, second] = [systemRandom(16, file), systemRandom(16, file)]
  expect(first).toHaveLength(16)
  expect(Buffer.from(first).equals(second)).toBe(false)
})

test('what the file holds is what it gives', () => {
  const bytes = new Uint8Array(16).fill(7)
  expect(systemRandom(16, fileOf(bytes))).toEqual(bytes)
})
