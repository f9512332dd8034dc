import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {readImports, type ModuleFacts} from './read-imports.ts'

export interface Manifest {
  name: string
  private?: boolean
  exports?: Record<string, string | Record<string, string>>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

export interface SourceFile extends ModuleFacts {
  /** From the root of the workspace, with `/`. */
  path: string
}

export interface Package {
  /** From the root of the workspace, with `/`. */
  folder: string
  manifest: Manifest
  files: SourceFile[]
}

const PACKAGES = ['packages/*/package.json', 'apps/*/package.json', 'examples/*/package.json', 'tooling/*/package.json']
const SKIPPED = /(^|\/)(node_modules|dist|\.[^/]*)(\/|$)/

/** All packages under `root`, each with its modules, in the order of their folders. */
export function readWorkspace(root: string): Package[] {
  return globSync(PACKAGES, {cwd: root})
    .toSorted()
    .map((path) => readPackage(root, path.slice(0, -'/package.json'.length)))
}

function readPackage(root: string, folder: string): Package {
  const text = (path: string) => readFileSync(join(root, path), 'utf8')
  const manifest = JSON.parse(text(`${folder}/package.json`)) as Manifest
  const files = globSync('**/*.{ts,tsx,mts,cts,js,mjs,cjs}', {
    cwd: join(root, folder),
    exclude: (path) => SKIPPED.test(path),
  })
    .filter((path) => !SKIPPED.test(path))
    .toSorted()
    .map((name) => `${folder}/${name}`)
  return {folder, manifest, files: files.map((path) => ({path, ...readImports(path, text(path))}))}
}
