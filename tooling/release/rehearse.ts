/**
 * Rehearses a release with the work tree as it is: does in a copy what .github/workflows/release.yml does, publishes into a
 * registry on loopback, and then does what users do, each in an empty project: installs the command and uses a session,
 * uses its MCP server by the inspector of the protocol, installs each package as its README says and runs all examples of the README.
 *   npm run rehearse [-- --all]
 * The command is tried with every package manager on every Node; READMEs with pnpm, with which a package finds only what it
 * names, or with --all, every package manager.
 */
import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {NEEDS} from '../vitest/needs.ts'
import {startRegistry} from './local-registry.ts'
import type {Setup} from './projects.ts'
import {publishAll} from './publish.ts'
import {installTools} from './tools.ts'
import {tryCommand} from './try-command.ts'
import {tryInspector} from './try-inspector.ts'
import {tryReadme} from './try-readme.ts'
import {copyWorkTree} from './work-tree.ts'

const all = process.argv.includes('--all')
const work = mkdtempSync(join(tmpdir(), 'holdfast-release-'))
process.on('exit', () => rmSync(work, {recursive: true, force: true, maxRetries: 3}))

const tools = await step('install the tools', () => installTools(join(work, 'tools')))
const upstream = execFileSync('npm', ['config', 'get', 'registry'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
})
const registry = await startRegistry(tools.verdaccio, join(work, 'registry'), upstream.trim())
const copy = join(work, 'copy')
copyWorkTree(copy)
const packages = await step('version, build, pack and publish', () => publishAll(copy, registry))
const app = packages.find(({name}) => name === 'holdfast')
if (app === undefined) throw new Error('holdfast was not published')

const {nodes, managers} = tools
if (nodes.length === 1) leaveOut(NEEDS['old Node'].skipped)
const setups = nodes.flatMap((node): Setup[] => managers.map((manager) => ({manager, node, registry})))
for (const setup of setups) {
  await attempt(`holdfast by ${nameOf(setup)}`, async () => {
    const bytes = await tryCommand(work, setup, app.version)
    return `${(bytes / 1e6).toFixed(1)} MB`
  })
}
const [current] = setups
if (current !== undefined) await attempt('holdfast mcp by the MCP inspector', () => tryInspector(work, current))
for (const setup of setups.filter(({manager}) => all || manager.name === 'pnpm')) {
  const fitting = packages.filter(({folder, minNode}) => folder.startsWith('packages/') && minNode <= setup.node.major)
  for (const each of fitting) {
    await attempt(`README of ${each.name} by ${nameOf(setup)}`, () => tryReadme(work, setup, each))
  }
}
process.exit()

function leaveOut(what: string): void {
  console.log(`LEFT OUT: ${what}`)
  if (process.env['CI']) process.exitCode = 1
}

function nameOf({manager, node}: Setup): string {
  return `${manager.name} on Node ${node.version}`
}

/** Reports a failure, and goes on with what does not depend on it. */
async function attempt(what: string, action: () => Promise<string | void>): Promise<void> {
  try {
    await step(what, action)
  } catch (error) {
    console.error(`✗ ${what}: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

async function step<T>(what: string, action: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await action()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`✓ ${what}: ${typeof result === 'string' ? `${result}, ` : ''}${seconds} s`)
  return result
}
