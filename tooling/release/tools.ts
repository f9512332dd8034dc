import {execFileSync} from 'node:child_process'
import {mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {NEEDS} from '../vitest/needs.ts'
import {runCommand} from './run-command.ts'

/** A Node, and a folder for a PATH that has this `node` and nothing else. */
export interface NodeVersion {
  version: string
  major: number
  folder: string
}

/** A package manager, and the words that add packages to the project in the current folder. */
export interface Manager {
  name: 'npm' | 'pnpm' | 'yarn' | 'bun'
  add: readonly string[]
}

export interface Tools {
  /** The folder of the registry's program. */
  verdaccio: string
  /** The Node of the workspace first, then older ones. */
  nodes: readonly NodeVersion[]
  managers: readonly Manager[]
}

/** Beside the Node of the workspace; elsewhere than on Linux, an older one is looked for. */
const OTHER_NODES = {'node-20': '20.20.2', 'node-22': '22.23.3'}

/** Installs what the rehearsal needs and the workspace does not have, from the registry that npm is configured for. */
export async function installTools(folder: string): Promise<Tools> {
  const others = process.platform === 'linux' ? Object.entries(OTHER_NODES) : []
  mkdirSync(folder)
  const manifest = {
    private: true,
    dependencies: {
      bun: '1.4.4',
      verdaccio: '6.10.4',
      yarn: '1.22.22',
      ...Object.fromEntries(others.map(([name, version]) => [name, `npm:node-linux-${process.arch}@${version}`])),
    },
    // By itself verdaccio asks for a dist-tag, which not every mirror of the registry has.
    overrides: {'node-fetch': '3.3.2'},
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const install = ['npm', 'install', '--silent', '--prefer-offline', '--no-audit', '--no-fund']
  await runCommand(install, {cwd: folder, env: process.env})

  const modules = join(folder, 'node_modules')
  const old = others.length > 0 ? undefined : NEEDS['old Node'].find()
  const paths = [process.execPath, ...(old ? [old] : []), ...others.map(([name]) => join(modules, name, 'bin/node'))]
  const onPath = (name: string) => realpathSync(execFileSync('which', [name], {encoding: 'utf8'}).trim())
  return {
    verdaccio: join(modules, 'verdaccio'),
    nodes: paths.map((path) => provideNode(folder, path)),
    managers: [
      // What engines forbid is an error, not a warning.
      {name: 'npm', add: ['node', onPath('npm'), 'install', '--engine-strict', '--no-audit', '--no-fund']},
      {name: 'pnpm', add: [onPath('pnpm'), 'add', '--config.engine-strict=true']},
      {name: 'yarn', add: ['node', join(modules, 'yarn/bin/yarn.js'), 'add', '--non-interactive', '--no-progress']},
      {name: 'bun', add: [join(modules, '.bin/bun'), 'add']},
    ],
  }
}

function provideNode(tools: string, path: string): NodeVersion {
  const version = execFileSync(path, ['--version'], {encoding: 'utf8'}).trim().slice(1)
  const folder = join(tools, `node-${version}`)
  mkdirSync(folder)
  symlinkSync(path, join(folder, 'node'))
  return {version, major: Number.parseInt(version, 10), folder}
}
