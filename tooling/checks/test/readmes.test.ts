import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterAll, beforeAll, describe, expect, test} from 'vitest'

import {checkLinks} from '../readmes/check-links.ts'
import {instrument} from '../readmes/instrument.ts'
import {readExamples} from '../readmes/read-examples.ts'
import {runExample} from '../readmes/run-example.ts'

describe('readExamples', () => {
  test('takes the ts blocks with their lines, and leaves the others', () => {
    const markdown =
      '# x\n```ts\none\n```\n```sh\nls\n```\n````md\n```ts\nquoted\n```\n````\n```ts no-run\ntwo\nthree\n```\n'
    expect(readExamples('README.md', markdown)).toEqual([
      {file: 'README.md', line: 3, code: 'one', runs: true},
      {file: 'README.md', line: 14, code: 'two\nthree', runs: false},
    ])
  })
})

describe('an example that runs', () => {
  let folder: string
  beforeAll(() => {
    // Where the instrumented module finds what it imports.
    folder = mkdtempSync(join(import.meta.dirname, '../.holdfast-readmes-test-'))
  })
  afterAll(() => rmSync(folder, {recursive: true}))

  const run = (code: string, timeoutMs = 20_000) => {
    const path = join(folder, `example-${code.length}.ts`)
    writeFileSync(path, instrument({file: 'README.md', line: 7, code, runs: true}))
    return runExample(path, {timeoutMs})
  }

  test('is well when its values are the promised ones', async () => {
    const code = `const one: number = 1
one + 1 // => 2
;[one, 'b'] // => [1, 'b']
if (one) await Promise.resolve({one}) // => {one: 1}
console.log(one) // => 1`
    expect(await run(code)).toBeUndefined()
  })

  test('fails with the line of the markdown file when a value is another', async () => {
    expect(await run('const one = {two: 2}\none // => {two: 3}')).toContain(
      'line 8: expected { two: 3 }, got { two: 2 }',
    )
  })

  test('fails when a promised value is never reached', async () => {
    expect(await run('if (Date.now() < 0) Date.now() // => 1')).toContain('line 7: expected to be reached, was not')
  })

  test('fails when nothing before the comment has a value', async () => {
    expect(await run('const one = 1 // => 1')).toContain('line 7: expected an expression before `// =>`')
  })

  test('fails when it throws, with the place', async () => {
    expect(await run(`\nthrow new Error('broken')`)).toMatch(/:8\n[^]*Error: broken/)
  })

  test('fails when it leaves a file in its folder', async () => {
    const code = `import {writeFileSync} from 'node:fs'\nwriteFileSync('left.txt', '')`
    expect(await run(code)).toContain('expected nothing left behind, got left.txt')
  })

  test('fails when it does not end', async () => {
    expect(await run('setInterval(() => {}, 1000)', 500)).toContain('was not over after 500 ms')
  })
})

describe('checkLinks', () => {
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-links-'))
    mkdirSync(join(root, 'docs'))
    writeFileSync(join(root, 'docs/here.md'), '')
  })
  afterAll(() => rmSync(root, {recursive: true}))

  test('finds the links that lead nowhere', () => {
    const text = 'x [a](gone.md)\n\n[b]: docs/gone.md\n![c](docs/gone.png "title")'
    expect(checkLinks(root, 'README.md', text)).toEqual([
      'README.md:1: expected `gone.md` to be a file, found none',
      'README.md:3: expected `docs/gone.md` to be a file, found none',
      'README.md:4: expected `docs/gone.png` to be a file, found none',
    ])
  })

  test('leaves what is a file, a folder, a place on the web or on the page, or code', () => {
    const text =
      '[a](docs/here.md#part) [b](docs) [c](https://example.org) [d](#part) `[e](gone.md)`\n```\n[f](gone.md)\n```'
    expect(checkLinks(root, 'README.md', text)).toEqual([])
    expect(checkLinks(root, 'docs/here.md', '[a](here.md) [b](../docs/here.md)')).toEqual([])
  })
})
