import {globSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {basename, join} from 'node:path'

import {mapLimited} from '../map-limited.ts'
import {runCommand} from '../run-command.ts'
import {checkLinks} from './check-links.ts'
import {instrument} from './instrument.ts'
import {readExamples, type Example} from './read-examples.ts'
import {runExample} from './run-example.ts'

const TSCONFIG = {
  extends: '../../tsconfig/base.json',
  compilerOptions: {
    noEmit: true,
    rewriteRelativeImportExtensions: false,
    customConditions: ['holdfast-source'],
    // An example may name what it does not use again.
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ['*.ts'],
}

/** Compiles and runs the examples in all markdown files under `root`, and follows their links. */
export async function checkReadmes(root: string): Promise<{problems: string[]; examples: number}> {
  const exclude = ['**/node_modules/**', '**/dist/**']
  const files = globSync('**/*.md', {cwd: root, exclude}).toSorted()
  const texts = files.map((file) => ({file, text: readFileSync(join(root, file), 'utf8')}))
  const examples = texts.flatMap(({file, text}) => readExamples(file, text))

  // Here, because all packages can be imported by their names from here.
  const folder = mkdtempSync(join(root, 'tooling/checks/.holdfast-readmes-'))
  try {
    const written = examples.map((example) => ({example, path: write(folder, example)}))
    const named = (output: string) => nameMarkdown(output, written)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
    const types = await runCommand('tsc', ['-p', folder, '--pretty', 'false'], {cwd: root})
    const ran = await mapLimited(
      written.filter(({example}) => example.runs),
      2,
      ({path}) => runExample(path),
    )
    const problems = [
      ...texts.flatMap(({file, text}) => checkLinks(root, file, text)),
      ...(types.ok ? [] : [named(types.output)]),
      ...ran.filter((problem) => problem !== undefined).map(named),
    ]
    return {problems, examples: examples.length}
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

function write(folder: string, example: Example): string {
  const name = `${example.file.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${example.line}.ts`
  writeFileSync(join(folder, name), instrument(example))
  return join(folder, name)
}

/** Puts the markdown file in the place of the module that was made of it. */
function nameMarkdown(output: string, written: readonly {example: Example; path: string}[]): string {
  return written.reduce((text, {example, path}) => {
    const paths = new RegExp(`(file://)?[^\\s()]*${basename(path).replace('.', '\\.')}`, 'g')
    return text.replaceAll(paths, example.file)
  }, output)
}
