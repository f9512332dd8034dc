import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {FileRefused, readTextFile, writeTextFile} from '@holdfast/acp'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

let root: string
let inside: string
let outside: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-acp-files-')))
  inside = join(root, 'inside')
  outside = join(root, 'inside-out')
  mkdirSync(inside)
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), 'a secret')
})
afterEach(() => rmSync(root, {recursive: true, force: true}))

const read = (path: string) => readTextFile(path, [inside])
const write = (path: string, text = 'new') => writeTextFile(path, text, [inside])

describe('a file outside of the folders', () => {
  test.each([
    ['by its path', () => join(outside, 'secret')],
    ['by dots', () => `${inside}/../inside-out/secret`],
    ['by a relative path', () => 'secret'],
    ['by a link', () => link('link', join(outside, 'secret'))],
    ['by a link to its folder', () => join(link('folder', outside), 'secret')],
  ])('is refused: %s', async (_, pathOf) => {
    const path = pathOf()
    await expect(read(path)).rejects.toThrow(FileRefused)
    await expect(write(path)).rejects.toThrow(FileRefused)
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('a secret')
  })

  test('is not made through a link to its folder, nor through one that leads nowhere', async () => {
    await expect(write(join(link('folder', outside), 'new', 'file'))).rejects.toThrow(FileRefused)
    await write(link('nowhere', join(outside, 'new')))
    expect(readdirSync(outside)).toEqual(['secret'])
  })
})

describe('a file in the folders', () => {
  test('is read in whole or in part', async () => {
    const path = join(inside, 'lines')
    writeFileSync(path, 'one\ntwo\nthree')
    expect(await read(path)).toBe('one\ntwo\nthree')
    expect(await readTextFile(path, [inside], {line: 2, limit: 1})).toBe('two\n')
    expect(await readTextFile(path, [inside], {line: 3})).toBe('three')
    expect(await readTextFile(path, [inside], {limit: 0})).toBe('')
  })

  test('is replaced in one step, with its permissions, and nothing else is left', async () => {
    const path = join(inside, 'script')
    writeFileSync(path, 'old')
    chmodSync(path, 0o750)
    await write(path)
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o750)
    expect(readdirSync(inside)).toEqual(['script'])
  })

  test('is written where a link in the folders leads', async () => {
    writeFileSync(join(inside, 'target'), 'old')
    await write(link('link', join(inside, 'target')))
    expect(readFileSync(join(inside, 'target'), 'utf8')).toBe('new')
  })

  test('that is a folder, or too large, is refused', async () => {
    await expect(read(inside)).rejects.toThrow('is not a file')
    await expect(write(inside)).rejects.toThrow('is not a file')
    const large = join(inside, 'large')
    writeFileSync(large, Buffer.alloc(16 * 1024 * 1024 + 1))
    await expect(read(large)).rejects.toThrow('more than')
  })
})

function link(name: string, target: string): string {
  const path = join(inside, name)
  symlinkSync(target, path)
  return path
}
