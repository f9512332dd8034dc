import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {instrument} from '../readmes/instrument.ts'
import {readExamples, type Example} from '../readmes/read-examples.ts'

test('reads the ts and tsx blocks with their lines, but no blocks inside a longer fence', () => {
  const markdown =
    '# x\n```ts\none\n```\n```sh\nls\n```\n````md\n```ts\nquoted\n```\n````\n```ts no-run\ntwo\nthree\n```\n```tsx\n<a />\n```\n'
  expect(readExamples('README.md', markdown)).toEqual([
    {file: 'README.md', line: 3, code: 'one\n', language: 'ts', runs: true},
    {file: 'README.md', line: 14, code: 'two\nthree\n', language: 'ts', runs: false},
    {file: 'README.md', line: 18, code: '<a />\n', language: 'tsx', runs: false},
  ])
})

test('an example whose values are the expected ones passes', () => {
  const code = `const one: number = 1
one + 1 // => 2
;[one, 'b'] // => [1, 'b']
if (one) await Promise.resolve({one}) // => {one: 1}
console.log(one) // => 1`
  expect(run(code)).toEqual({status: 0, stderr: ''})
})

test.each([
  ['another value', `const one = {two: 2}\none // => {two: 3}`, /two: 3[^]*README\.ts:8/],
  ['a value never reached', 'if (Date.now() < 0) Date.now() // => 1', /never reached line 7/],
  ['an error', `\nthrow new Error('broken')`, /README\.ts:8\n[^]*Error: broken/],
  ['a file left behind', `import fs from 'node:fs'\nfs.writeFileSync('left.txt', '')`, /left left\.txt behind/],
])('%s fails the example and is named with its line', (_, code, message) => {
  expect(run(code)).toEqual({status: 1, stderr: expect.stringMatching(message)})
})

test('a promised value behind no expression is refused', () => {
  expect(() => instrument(example('const one = 1 // => 1'))).toThrow('README.md:7: put `// =>` behind an expression')
})

function example(code: string): Example {
  return {file: 'README.md', line: 7, code, language: 'ts', runs: true}
}

function run(code: string) {
  // Inside the package, whose package.json resolves what instrumented examples import.
  const folder = mkdtempSync(join(import.meta.dirname, '../.holdfast-readmes-test-'))
  try {
    writeFileSync(join(folder, 'README.ts'), instrument(example(code)))
    const {status, stderr} = spawnSync('node', ['README.ts'], {cwd: folder, encoding: 'utf8'})
    return {status, stderr}
  } finally {
    rmSync(folder, {recursive: true})
  }
}
