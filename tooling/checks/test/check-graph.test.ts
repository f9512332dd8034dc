import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {checkGraph} from '../graph/check-graph.ts'
import {HOUSE_RULES} from '../graph/house-rules.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-graph-'))
  write('packages/rpc/package.json', manifest('rpc'))
  write('packages/transport/package.json', manifest('transport'))
})

afterEach(() => rmSync(root, {recursive: true}))

describe('edges', () => {
  test('an allowed import passes', () => {
    write('packages/rpc/src/index.ts', '')
    write('packages/transport/src/index.ts', `import {createConnection} from '@holdfast/rpc'`)
    expect(problems()).toEqual([])
  })

  test.each([
    ['import', `\nimport {listen} from '@holdfast/transport/socket'`],
    ['type import', `\nimport type {Limits} from '@holdfast/transport'`],
    ['re-export', `\nexport * from '@holdfast/transport'`],
    ['dynamic import', `\nvoid import('@holdfast/transport')`],
    ['type in place', `\nlet limits: import('@holdfast/transport').Limits`],
    ['require', `\nrequire('@holdfast/transport')`],
  ])('a forbidden %s is found', (_, source) => {
    write('packages/rpc/test/index.test.ts', source)
    expect(problems()).toEqual([
      expect.stringMatching(
        /^packages\/rpc\/test\/index\.test\.ts:2: imports `@holdfast\/transport.*but @holdfast\/rpc may import none of ours$/,
      ),
    ])
  })

  test('a forbidden devDependency is found', () => {
    write('packages/rpc/package.json', manifest('rpc', {devDependencies: {'@holdfast/transport': 'workspace:^'}}))
    expect(problems()).toEqual([
      'packages/rpc/package.json: has `@holdfast/transport` in devDependencies, but @holdfast/rpc may import none of ours',
    ])
  })

  test('a relative import that leaves its package is found', () => {
    write('packages/transport/src/index.ts', `import '../../rpc/src/index.ts'`)
    expect(problems()).toEqual([
      'packages/transport/src/index.ts:1: imports `../../rpc/src/index.ts`, but @holdfast/transport may import @holdfast/rpc, @holdfast/recovery',
    ])
  })

  test('a package without a line in the table is found', () => {
    write('packages/novelty/package.json', manifest('novelty'))
    expect(problems()).toEqual(['packages/novelty: expected a line in the table of allowed edges, got none'])
  })

  test('examples may import everything', () => {
    write('examples/one/package.json', manifest('example-one', {dependencies: {'@holdfast/rpc': 'workspace:^'}}))
    write('examples/one/main.ts', `import '@holdfast/transport'`)
    expect(problems()).toEqual([])
  })

  test('an import in a string or a comment is none', () => {
    write(
      'packages/rpc/src/text.ts',
      `// import '@holdfast/transport'\nexport const text = "import '@holdfast/transport'"`,
    )
    expect(problems()).toEqual([])
  })
})

describe('circles', () => {
  test('a circle of two files is found, type imports included', () => {
    write('packages/rpc/src/one.ts', `import {two} from './two.ts'`)
    write('packages/rpc/src/two.ts', `\nimport type {One} from './one.ts'`)
    const circle = 'packages/rpc/src/one.ts → packages/rpc/src/two.ts → packages/rpc/src/one.ts'
    const places = 'packages/rpc/src/one.ts:1, packages/rpc/src/two.ts:2'
    expect(problems()).toEqual([`packages/rpc/src/one.ts:1: expected no circle, got ${circle} (imports at ${places})`])
  })

  test('a circle of two folders is found where no two files make one', () => {
    write('packages/rpc/src/far/a.ts', `import '../near/a.ts'`)
    write('packages/rpc/src/near/a.ts', '')
    write('packages/rpc/src/near/b.tsx', `import '../far/b.ts'\nexport const view = <p>b</p>`)
    write('packages/rpc/src/far/b.ts', '')
    expect(problems()).toEqual([
      expect.stringContaining('packages/rpc/src/far → packages/rpc/src/near → packages/rpc/src/far'),
    ])
  })

  test('a folder may use a file beside the file that uses the folder', () => {
    write('packages/rpc/src/main.ts', `import './screen/app.ts'`)
    write('packages/rpc/src/screen/app.ts', `import '../version.ts'`)
    write('packages/rpc/src/version.ts', '')
    expect(problems()).toEqual([])
  })

  test('a source that imports its test is found', () => {
    write('packages/rpc/src/one.ts', `import '../test/fixture.ts'`)
    write('packages/rpc/test/fixture.ts', `import '../src/one.ts'`)
    expect(problems()).toEqual([expect.stringContaining('packages/rpc/src → packages/rpc/test → packages/rpc/src')])
  })
})

describe('neutral entries', () => {
  const transport = manifest('transport', {exports: {'./socket': {'holdfast-source': './src/socket.ts'}}})
  const entry = {'.': {'holdfast-source': './src/index.ts'}}
  const rules = {
    ...HOUSE_RULES,
    neutralEntries: ['@holdfast/rpc', '@holdfast/client'],
    edges: {'packages/*': 'all'},
  } as const

  test('a Node module is found at the end of the way to it, through packages and types', () => {
    write('packages/transport/package.json', transport)
    write('packages/transport/src/socket.ts', `\nimport type {Socket} from 'node:net'`)
    write('packages/client/package.json', manifest('client', {exports: entry}))
    write('packages/client/src/index.ts', `export {connect} from '@holdfast/transport/socket'`)
    write('packages/client/src/local.ts', `import 'node:fs'`)
    write('packages/rpc/package.json', manifest('rpc', {exports: entry}))
    write('packages/rpc/src/index.ts', '')
    expect(checkGraph(root, rules)).toEqual([
      'packages/transport/src/socket.ts:2: imports `node:net`, but @holdfast/client runs without Node ' +
        '(by way of packages/client/src/index.ts → packages/transport/src/socket.ts)',
    ])
  })

  test('an entry without a source is found', () => {
    expect(checkGraph(root, rules)).toEqual([
      '@holdfast/rpc: expected a module behind its `holdfast-source` condition, got none',
    ])
  })
})

describe('sole importers', () => {
  test.each(['node:child_process', 'child_process'])('%s is found outside of the supervisor', (specifier) => {
    write('packages/rpc/src/one.ts', `import {spawn} from '${specifier}'`)
    write('packages/rpc/test/one.test.ts', `import {spawn} from '${specifier}'`)
    write('packages/supervisor/package.json', manifest('supervisor'))
    write('packages/supervisor/src/start-child.ts', `import {spawn} from '${specifier}'`)
    expect(problems()).toEqual([
      `packages/rpc/src/one.ts:1: imports \`${specifier}\`, which is only for packages/supervisor/src, apps/tui/src/cli.cjs`,
    ])
  })

  test('the PTY is found outside of the shell', () => {
    write('packages/rpc/src/one.ts', `process.getBuiltinModule('fs'); const pty = await import('@lydell/node-pty')`)
    expect(problems()).toEqual([
      'packages/rpc/src/one.ts:1: imports `@lydell/node-pty`, which is only for packages/shell/src',
    ])
  })
})

describe('names', () => {
  test.each(['src/utils.ts', 'src/misc/read.ts', 'src/types.d.ts'])('%s is found', (path) => {
    write(`packages/rpc/${path}`, '')
    expect(problems()).toEqual([
      expect.stringMatching(/^packages\/rpc\/src\/.*: expected names that say what is inside, got/),
    ])
  })

  test.each([`export default 1`, `const one = 1\nexport {one as default}`])(
    'the default export of %j is found',
    (source) => {
      write('packages/rpc/src/one.ts', source)
      expect(problems()).toEqual([
        expect.stringMatching(/^packages\/rpc\/src\/one\.ts:[12]: expected named exports only/),
      ])
    },
  )
})

test('a file that cannot be parsed is named with its line', () => {
  write('packages/rpc/src/one.ts', '\nimport {')
  expect(problems).toThrow(/^packages\/rpc\/src\/one\.ts:2: /)
})

/** The neutral entries are left out: they need all of their packages. */
function problems(): string[] {
  return checkGraph(root, {...HOUSE_RULES, neutralEntries: []})
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), {recursive: true})
  writeFileSync(join(root, path), text)
}

function manifest(name: string, more: object = {}): string {
  return JSON.stringify({name: `@holdfast/${name}`, ...more})
}
