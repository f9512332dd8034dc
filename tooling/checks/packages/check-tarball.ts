import {readFileSync} from 'node:fs'

import {checkPackage, createPackageFromTarballData, type Package, type Problem} from '@arethetypeswrong/core'
import {publint} from 'publint'
import {formatMessage} from 'publint/utils'

const REQUIRED = ['package.json', 'README.md', 'LICENSE']
/** What is built, what it was built from, and what npm always adds. */
const WELCOME = /^(dist|src)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/
/** Resolution without `exports`, and by `require`: these packages are for neither. */
const NOT_FOR: readonly string[] = ['node10', 'node16-cjs']

/** What is wrong with a packed package, by its contents, by publint and by arethetypeswrong. */
export async function checkTarball(name: string, path: string): Promise<string[]> {
  const tarball = new Uint8Array(readFileSync(path))
  const contents = createPackageFromTarballData(tarball)
  const problems = [...checkContents(contents), ...(await lint(tarball)), ...(await checkTypes(contents))]
  return problems.map((problem) => `${name}: ${problem}`)
}

function checkContents(contents: Package): string[] {
  const prefix = `/node_modules/${contents.packageName}/`
  const files = contents.listFiles().map((file) => file.slice(prefix.length))
  const missing = REQUIRED.filter((file) => !files.includes(file))
  const surplus = files.filter((file) => !WELCOME.test(file))
  return [
    ...missing.map((file) => `expected \`${file}\` in the package, found none`),
    ...surplus.map((file) => `expected only what is built or needed, got \`${file}\``),
  ]
}

async function lint(tarball: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const {messages, pkg} = await publint({pack: {tarball: tarball.buffer}, strict: true})
  return messages.map((message) => `publint: ${formatMessage(message, pkg, {color: false}) ?? message.code}`)
}

async function checkTypes(contents: Package): Promise<string[]> {
  const manifest = JSON.parse(contents.readFile(`/node_modules/${contents.packageName}/package.json`)) as {
    exports: Record<string, unknown>
  }
  const hasEntries = Object.keys(manifest.exports).some((entry) => entry !== './package.json')
  if (!hasEntries) return []
  const result = await checkPackage(contents)
  if (!result.types) return ['arethetypeswrong: expected types, found none']
  return result.problems.filter(concernsUs).map((problem) => `arethetypeswrong: ${JSON.stringify(problem)}`)
}

function concernsUs(problem: Problem): boolean {
  return !('resolutionKind' in problem) || !NOT_FOR.includes(problem.resolutionKind)
}
