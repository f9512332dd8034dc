/**
 * Puts the real Node into a package @holdfast/node-*, while it is packed: in the workspace, its bin/node is a link to the Node that
 * pnpm installed. A binary for another machine comes from the registry; the lockfile has its checksum.
 *   pack-node.ts put        `prepack` of such a package runs it in the folder of the package
 *   pack-node.ts restore    and `postpack` this
 */
import {execFileSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const BINARY = 'bin/node'
const LICENSE = 'LICENSE'

const version = readVersion('.')
/** The package of the registry that the binary comes from. */
const source = `node-${basename(process.cwd())}`
const installed = join(ROOT, 'node_modules', source)

const [mode] = process.argv.slice(2)
if (mode === 'put') put()
else if (mode === 'restore') restore()
else throw new Error(`expected put or restore, got ${mode}`)

function put(): void {
  if (!existsSync(installed)) return download()
  const found = readVersion(installed)
  if (found !== version) throw new Error(`expected ${source} ${version} in the root, got ${found}: change one of them`)
  copyFrom(installed)
}

function copyFrom(folder: string): void {
  rmSync(BINARY)
  copyFileSync(join(folder, BINARY), BINARY)
  copyFileSync(join(folder, LICENSE), LICENSE)
}

function restore(): void {
  rmSync(BINARY)
  symlinkSync(`../../../../../node_modules/${source}/bin/node`, BINARY)
  rmSync(LICENSE)
}

function readVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {version: string}).version
}

function download(): void {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-node-'))
  try {
    const name = `${source}@${version}`
    const answer = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, name], {encoding: 'utf8'})
    const [{filename, integrity}] = JSON.parse(answer) as [{filename: string; integrity: string}]
    const lockfile = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
    if (!lockfile.includes(`  ${name}:\n    resolution: {integrity: ${integrity}}`)) {
      throw new Error(`${name}: the registry's checksum is not that of pnpm-lock.yaml`)
    }
    execFileSync('tar', ['-xzf', filename], {cwd: folder})
    copyFrom(join(folder, 'package'))
  } finally {
    rmSync(folder, {recursive: true})
  }
}
