/**
 * Compiles and runs the `ts` blocks of all markdown files, and compiles the `tsx` blocks, each as a module of its own in an empty folder. A comment
 * `// => value` behind an expression gives its expected value. Blocks marked `ts no-run` are only compiled. Errors name
 * the markdown file and its lines, as in `packages/rpc/README.md.12.ts(14,3)`: the block at line 12, an error in line 14.
 *
 * Written by hand because we know of no tool that compiles, runs and compares.
 */
import {spawnSync} from 'node:child_process'
import {globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

import {instrument} from './instrument.ts'
import {readExamples} from './read-examples.ts'

const root = join(import.meta.dirname, '../../..')
const tsconfig = {
  extends: '../../tsconfig/check.json',
  compilerOptions: {
    // An example may declare a variable that it does not use.
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
}

const files = globSync('**/*.md', {cwd: root, exclude: ['**/node_modules/**', '**/dist/**']}).toSorted()
const examples = files.flatMap((file) => readExamples(file, readFileSync(join(root, file), 'utf8')))

// A folder of this package, because it depends on all packages that examples import.
const folder = mkdtempSync(join(import.meta.dirname, '../.holdfast-readmes-'))
try {
  const paths = examples.map((example) => {
    const path = `${example.file}.${example.line}.${example.language}`
    mkdirSync(join(folder, dirname(path)), {recursive: true})
    writeFileSync(join(folder, path), instrument(example))
    return path
  })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  run('tsc', ['-p', '.', '--pretty', 'false'])
  for (const [index, path] of paths.entries()) {
    if (examples[index]?.runs) run('node', ['--conditions=holdfast-source', path])
  }
} finally {
  rmSync(folder, {recursive: true})
}
if (process.exitCode === undefined) console.log(`${examples.length} examples work`)

function run(command: string, args: readonly string[]): void {
  const {error, status, stdout, stderr} = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  if (status === 0) return
  process.exitCode = 1
  console.error(`${[command, ...args].join(' ')}: ${error?.message ?? `exit status ${status}`}\n${stdout}${stderr}`)
}
