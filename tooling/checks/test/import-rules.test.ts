import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {cruise, type ICruiseResult} from 'dependency-cruiser'
import {afterEach, beforeEach, expect, test} from 'vitest'

import configuration, {neutralEntries} from '../imports/rules.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-imports-'))
  mkdirSync(join(root, 'packages'))
  mkdirSync(join(root, 'apps'))
})
afterEach(() => rmSync(root, {recursive: true}))

test('the neutral entries are files', () => {
  expect(neutralEntries.filter((path) => !existsSync(join(import.meta.dirname, '../../..', path)))).toEqual([])
})

test.each<[rule: string, files: Record<string, string>]>([
  ['rpc-imports', {'packages/rpc/src/a.ts': `import '../../transport/src/b.ts'`, 'packages/transport/src/b.ts': ''}],
  ['rpc-imports', {'packages/rpc/test/a.test.ts': `let b: import('../../shell/b.ts').B`, 'packages/shell/b.ts': ''}],
  ['rpc-imports', {'packages/rpc/test/a.ts': `import '../../../tooling/b.ts'`, 'tooling/b.ts': ''}],
  [
    'tui-imports',
    {'apps/tui/src/app/a.ts': `export * from '../../../../packages/shell/b.ts'`, 'packages/shell/b.ts': ''},
  ],
  ['unlisted-package', {'packages/novelty/src/a.ts': `import './b.ts'`, 'packages/novelty/src/b.ts': ''}],
  [
    'relative-import-of-a-package',
    {'packages/transport/src/a.ts': `void import('../../rpc/src/b.ts')`, 'packages/rpc/src/b.ts': ''},
  ],
  ['cli-imports', {'apps/tui/src/cli/a.ts': `import '../bin/b.ts'`, 'apps/tui/src/bin/b.ts': ''}],
  ['unlisted-folder-of-the-app', {'apps/tui/src/loose.ts': ''}],
  [
    'process-files-theme-keys-imports',
    {'apps/tui/src/files/a.ts': `import '../export/b.ts'`, 'apps/tui/src/export/b.ts': ''},
  ],
  [
    'file-cycle',
    {'packages/rpc/src/a.ts': `import './b.ts'`, 'packages/rpc/src/b.ts': `import type {A} from './a.ts'`},
  ],
  [
    'folder-cycle',
    {
      'packages/rpc/src/far/a.ts': `import '../near/a.ts'`,
      'packages/rpc/src/near/a.ts': '',
      'packages/rpc/src/near/b.tsx': `import '../far/b.ts'\nexport const view = <p>b</p>`,
      'packages/rpc/src/far/b.ts': '',
    },
  ],
  [
    'node-in-neutral-entry',
    {
      'packages/client/src/index.ts': `export * from './socket.ts'`,
      'packages/client/src/socket.ts': `import type {Socket} from 'node:net'`,
    },
  ],
  ['only-supervisor-starts-processes', {'packages/rpc/src/a.ts': `import {spawn} from 'child_process'`}],
  ['only-supervisor-starts-processes', {'packages/rpc/src/a.ts': `process.getBuiltinModule('node:child_process')`}],
  ['only-shell-opens-ptys', {'packages/rpc/src/a.ts': `require.resolve('@lydell/node-pty')`}],
  ['vague-name', {'packages/rpc/src/utils.ts': ''}],
  ['vague-name', {'packages/rpc/src/misc/read.ts': ''}],
  ['unresolved-import', {'packages/rpc/src/a.ts': `import './gone.ts'`}],
])('%s forbids %j', async (rule, files) => {
  expect(await brokenRules(files)).toContain(rule)
})

test('a folder may use a file beside the file that uses the folder', async () => {
  const files = {
    'packages/rpc/src/main.ts': `import './screen/app.ts'`,
    'packages/rpc/src/screen/app.ts': `import '../version.ts'\nimport 'node:fs'`,
    'packages/rpc/src/version.ts': `// import './main.ts'`,
  }
  expect(await brokenRules(files)).toEqual([])
})

async function brokenRules(files: Record<string, string>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }
  const {forbidden, options} = configuration
  const {output} = await cruise(
    ['packages', 'apps'],
    {
      ...options,
      ruleSet: {forbidden},
      validate: true,
      baseDir: root,
    },
    options.enhancedResolveOptions,
  )
  return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name)
}
