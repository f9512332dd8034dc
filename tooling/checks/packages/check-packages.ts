import {globSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {ROOT} from '../root.ts'
import {runPnpm} from '../run-pnpm.ts'
import {checkManifest, type PublishedManifest} from './check-manifest.ts'
import {checkTarball} from './check-tarball.ts'
import {tryAsConsumer} from './try-as-consumer.ts'

/** What would be wrong with the published packages, were they published as they are built now. */
export async function checkPackages(): Promise<{problems: string[]; packages: number}> {
  const packages = globSync('{packages,apps}/*/package.json', {cwd: ROOT})
    .toSorted()
    .map((path) => ({
      folder: dirname(path),
      manifest: JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as PublishedManifest,
    }))
    .filter(({manifest}) => !manifest.private)
  const problems = packages.flatMap(({folder, manifest}) => checkManifest(folder, manifest))

  const folder = mkdtempSync(join(tmpdir(), 'holdfast-packages-'))
  try {
    const filters = packages.map(({manifest}) => `--filter=${manifest.name}`).join(' ')
    const packed = await runPnpm(`${filters} pack --pack-destination ${folder}`)
    if (!packed.ok)
      return {problems: [...problems, `pnpm pack ${packed.status}\n${packed.output}`], packages: packages.length}
    const tarballs = packages.map(({manifest}) => ({name: manifest.name, path: join(folder, tarballName(manifest))}))
    for (const {name, path} of tarballs) problems.push(...(await checkTarball(name, path)))
    problems.push(
      ...(await tryAsConsumer(
        folder,
        tarballs.map(({path}) => path),
      )),
    )
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
  return {problems, packages: packages.length}
}

function tarballName({name, version}: PublishedManifest): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
}
