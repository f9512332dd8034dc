import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {pathsOf, readDroppedFiles} from '../../../src/app/composer/read-dropped-files.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hf-'))))
afterEach(() => rmSync(folder, {recursive: true}))

test.each([
  ['/a/b.png', ['/a/b.png']],
  [' /a/b.png \n', ['/a/b.png']],
  ["'/a/my photo.png'", ['/a/my photo.png']],
  ['"/a/my photo.png"', ['/a/my photo.png']],
  [String.raw`/a/my\ photo\(1\).png`, ['/a/my photo(1).png']],
  ['/a/my photo.png', ['/a/my photo.png']],
  ['file:///a/my%20photo.png', ['/a/my photo.png']],
  ['/a/b /c/d', ['/a/b', '/c/d']],
  ["/a/it's", ["/a/it's"]],
  ['a/b.png', []],
  ['make test', []],
  ['', []],
  ['/a\n/b', []],
  ['file:///%', []],
  ['/a '.repeat(21), []],
  [`/${'a'.repeat(10_000)}`, []],
])('%j has the paths %j', (pasted, expected) => {
  expect(pathsOf(pasted)).toEqual(expected)
})

test('files become mentions, shown as chips', async () => {
  writeFileSync(join(folder, 'a.ts'), 'x'.repeat(2048))
  writeFileSync(join(folder, 'my photo.png'), '')
  const [first, second] = [`@${folder}/a.ts`, `@"${folder}/my photo.png"`]
  expect(await readDroppedFiles(`${folder}/a.ts '${folder}/my photo.png'`)).toEqual({
    text: `${first} ${second} `,
    collapsed: [
      {start: 0, end: first.length, label: '[a.ts, 2.0 KiB]'},
      {start: first.length + 1, end: first.length + 1 + second.length, label: '[my photo.png, 0 bytes]'},
    ],
  })
})

test('a folder, and what does not exist, stay text', async () => {
  expect(await readDroppedFiles(folder)).toBeUndefined()
  expect(await readDroppedFiles(`${folder}/nothing`)).toBeUndefined()
  expect(readDroppedFiles('a text')).toBeUndefined()
})
