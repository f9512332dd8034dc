import {stripTypeScriptTypes} from 'node:module'
import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {instrument} from '../checks/readmes/instrument.ts'
import {readExamples} from '../checks/readmes/read-examples.ts'
import {createProject, type Setup} from './projects.ts'
import type {PublishedPackage} from './publish.ts'
import {ROOT} from './work-tree.ts'

const RUN_EXAMPLE = join(ROOT, 'tooling/checks/readmes/run-example.ts')
const TSC = join(ROOT, 'node_modules/.bin/tsc')
const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  jsx: 'react-jsx',
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  types: ['node'],
}

/** Follows a README in an empty project: installs what it says, compiles each of its examples, and runs it. */
export async function tryReadme(work: string, setup: Setup, {name, folder, readme}: PublishedPackage): Promise<void> {
  const project = createProject(work, setup)
  const packages = [...readme.matchAll(/^ {4}npm install (.+)$/gm)].flatMap(([, words = '']) => words.split(' '))
  assert(packages.length > 0, `${folder}/README.md: expected a line of 4 spaces and \`npm install …\``)
  await project.add(...packages, '@types/node@24', '@types/react@19')

  const write = (file: string, text: string) => writeFileSync(join(project.folder, file), text)
  const writeModule = (module: string, source: string) => {
    write(`${module}.ts`, source)
    // A Node older than 22.18 reads no TypeScript.
    write(`${module}.mjs`, stripTypeScriptTypes(source))
  }
  const imports = {'#run-example': {types: './run.ts', default: './run.mjs'}}
  const manifest = JSON.parse(readFileSync(join(project.folder, 'package.json'), 'utf8')) as object
  write('package.json', JSON.stringify({...manifest, imports}))
  write('tsconfig.json', JSON.stringify({compilerOptions: COMPILER_OPTIONS}))
  writeModule('run', readFileSync(RUN_EXAMPLE, 'utf8'))
  const examples = readExamples(`${folder}/README.md`, readme)
  assert(examples.length > 0, `${name}: its README has no example`)
  for (const example of examples) {
    const source = instrument(example)
    if (example.language === 'ts') writeModule(`line-${example.line}`, source)
    else write(`line-${example.line}.tsx`, source)
  }
  await project.run([TSC, '-p', '.', '--pretty', 'false'])
  for (const {line} of examples.filter(({runs}) => runs)) await project.run(['node', `line-${line}.mjs`])
}
