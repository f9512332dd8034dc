import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {checkManifest, type PublishedManifest} from '../packages/check-manifest.ts'
import {checkTarball} from '../packages/check-tarball.ts'

const GOOD: PublishedManifest = {
  name: '@holdfast/greeter',
  version: '1.0.0',
  description: 'Greets.',
  license: 'MIT',
  type: 'module',
  repository: {url: 'git+https://github.com/holdfast-dev/holdfast.git', directory: 'packages/greeter'},
  engines: {node: '>=24'},
  exports: {
    '.': {'holdfast-source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js'},
    './package.json': './package.json',
  },
  files: ['dist', 'src'],
  publishConfig: {access: 'public'},
}

describe('checkManifest', () => {
  test('a complete manifest passes', () => {
    expect(checkManifest('packages/greeter', GOOD)).toEqual([])
  })

  test.each<[keyof PublishedManifest, unknown]>([
    ['name', 'greeter'],
    ['description', undefined],
    ['license', 'ISC'],
    ['type', undefined],
    ['repository', {...GOOD.repository, directory: 'packages/other'}],
    ['engines', {node: '*'}],
    ['exports', undefined],
    ['files', ['src']],
    ['publishConfig', undefined],
  ])('a wrong %s is found', (field, value) => {
    const problems = checkManifest('packages/greeter', {...GOOD, [field]: value})
    expect(problems).toEqual([expect.stringContaining(`packages/greeter/package.json: expected \`${field}\` to be `)])
  })
})

describe('checkTarball', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-tarball-'))
    write('package.json', JSON.stringify(GOOD))
    write('README.md', '# greeter\n')
    write('LICENSE', 'MIT\n')
    write('src/index.ts', 'export const greeting: string = "Hello"\n')
    write('dist/index.js', 'export const greeting = "Hello"\n')
    write('dist/index.d.ts', 'export declare const greeting: string\n')
  })
  afterEach(() => rmSync(root, {recursive: true}))

  test('a complete package passes; its source condition trips nobody', async () => {
    expect(await problems()).toEqual([])
  })

  test('a missing LICENSE and a surplus file are found', async () => {
    rmSync(join(root, 'LICENSE'))
    write('package.json', JSON.stringify({...GOOD, files: ['dist', 'src', 'notes.txt']}))
    write('notes.txt', '')
    expect(await problems()).toEqual([
      '@holdfast/greeter: expected `LICENSE` in the package, found none',
      '@holdfast/greeter: expected only what is built or needed, got `notes.txt`',
    ])
  })

  test('an entry whose file is missing is found by publint', async () => {
    rmSync(join(root, 'dist/index.js'))
    expect(await problems()).toContainEqual(expect.stringMatching(/^@holdfast\/greeter: publint: .*dist\/index\.js/))
  })

  test('types that are not those of the code are found by arethetypeswrong', async () => {
    write('dist/index.d.ts', 'declare const greeting: string\nexport default greeting\n')
    write('dist/index.js', 'module.exports = "Hello"\n')
    write('dist/package.json', '{"type": "commonjs"}\n')
    expect(await problems()).toContainEqual(expect.stringContaining('arethetypeswrong: {"kind":"FalseExportDefault"'))
  })

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }

  function problems(): Promise<string[]> {
    const tarball = execFileSync('npm', ['pack', '--silent', '--ignore-scripts'], {cwd: root, encoding: 'utf8'}).trim()
    return checkTarball(GOOD.name, join(root, tarball))
  }
})
