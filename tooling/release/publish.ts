import {execFileSync} from 'node:child_process'
import assert from 'node:assert/strict'
import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import type {LocalRegistry} from './local-registry.ts'
import {readReleaseWorkflow} from './release-workflow.ts'
import {runCommand} from './run-command.ts'
import {commit, git, GIT_ENV} from './work-tree.ts'

export interface PublishedPackage {
  name: string
  version: string
  /** From the root of the workspace. */
  folder: string
  /** The lowest Node that it promises to run on. */
  minNode: number
  readme: string
}

/** Does in `copy` what .github/workflows/release.yml does: versions all packages, builds them and publishes them. */
export async function publishAll(copy: string, registry: LocalRegistry): Promise<PublishedPackage[]> {
  const workflow = readReleaseWorkflow(readFileSync(join(copy, '.github/workflows/release.yml'), 'utf8'))
  const run = (command: string, env: NodeJS.ProcessEnv = {}, mayFail = false) =>
    runCommand(['sh', '-c', command], {cwd: copy, env: {...process.env, ...GIT_ENV, ...env}, mayFail})

  await run('pnpm install --frozen-lockfile --prefer-offline')
  await run('pnpm changeset status')
  await run(workflow.versionScript)
  commit(copy, 'Release')
  await run("pnpm --recursive --filter './packages/*' --filter './apps/*' run build")

  const unsigned = await run(
    'pnpm --dir packages/recovery publish --no-git-checks',
    {...registry.env, ...workflow.env},
    true,
  )
  assert.match(
    unsigned.stderr,
    /provenance|idToken/,
    'release.yml: expected that pnpm signs where a package comes from, which it can only on GitHub; it published',
  )
  const output = join(copy, '.holdfast-changesets-output')
  await run(workflow.publishScript, {...registry.env, CHANGESETS_OUTPUT: output})
  const published = readPackages(copy)
  const tags = published.map(({name, version}) => `${name}@${version}`).toSorted()
  assert.deepEqual(git(copy, 'tag').trim().split('\n').toSorted(), tags)
  assert.deepEqual(readTags(output), tags, 'changesets/action pushes the tags that it finds in CHANGESETS_OUTPUT')
  for (const each of published) verifyTarball(each, registry)
  return published
}

function readTags(output: string): string[] {
  const lines = readFileSync(output, 'utf8').trim().split('\n')
  const reports = lines.map((line) => JSON.parse(line) as {type: string; tag: string})
  return reports.flatMap(({type, tag}) => (type === 'git-tag' ? [tag] : [])).toSorted()
}

function readPackages(copy: string): PublishedPackage[] {
  return globSync('{packages,apps,apps/tui/node}/*/package.json', {cwd: copy}).flatMap((file) => {
    const folder = join(file, '..')
    const manifest = JSON.parse(readFileSync(join(copy, file), 'utf8')) as {
      name: string
      version: string
      private?: boolean
      engines?: {node: string}
    }
    if (manifest.private === true) return []
    const minNode = Number.parseInt(manifest.engines?.node.replace('>=', '') ?? '0', 10)
    const readme = readFileSync(join(copy, folder, 'README.md'), 'utf8')
    return [{name: manifest.name, version: manifest.version, folder, minNode, readme}]
  })
}

/** Reads the tarball as the registry stores it. */
function verifyTarball({name, version}: PublishedPackage, {storage}: LocalRegistry): void {
  const tarball = join(storage, name, `${name.split('/').at(-1)}-${version}.tgz`)
  const tar = (...args: string[]) => execFileSync('tar', ['-f', tarball, ...args], {encoding: 'utf8'})
  const files = tar('-tz').split('\n')
  const isNode = name.includes('/node-')
  for (const file of ['LICENSE', 'README.md', ...(isNode ? ['bin/node'] : ['CHANGELOG.md'])]) {
    assert(files.includes(`package/${file}`), `${name}: no ${file} in its tarball`)
  }
  assert.doesNotMatch(
    tar('-xzO', 'package/README.md'),
    /not (?:yet )?on npm|on npm yet/i,
    `${name}: its README is out of date`,
  )
  const manifest = tar('-xzO', 'package/package.json')
  assert.doesNotMatch(manifest, /workspace:|catalog:/, `${name}: its package.json is that of the workspace`)
}
