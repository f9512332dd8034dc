import {execFileSync} from 'node:child_process'
import {mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {NEEDS} from '../vitest/needs.ts'
import {runCommand} from './run-command.ts'

/** A version of Node, as the folder of a PATH that has this `node` and nothing else. */
export interface NodeVersion {
  version: string
  folder: string
}

/** A package manager, and the words that add packages to the project in the current folder. */
export interface Manager {
  name: 'npm' | 'pnpm' | 'yarn' | 'bun'
  add: readonly string[]
}

export interface Tools {
  verdaccio: string
  /** By its major version. */
  nodes: ReadonlyMap<number, NodeVersion>
  managers: readonly Manager[]
}

const NODE_22 = '22.23.3'

/** Installs what the rehearsal needs and the workspace does not have, from the registry that npm is configured for. */
export async function installTools(folder: string, wantsAllNodes: boolean): Promise<Tools> {
  const withNode22 = wantsAllNodes && process.platform === 'linux'
  mkdirSync(folder)
  const manifest = {
    private: true,
    dependencies: {
      bun: '1.4.4',
      verdaccio: '6.10.4',
      yarn: '1.22.22',
      ...(withNode22 ? {'node-22': `npm:node-linux-${process.arch}@${NODE_22}`} : {}),
    },
    // By itself verdaccio asks for a dist-tag, which not every mirror of the registry has.
    overrides: {'node-fetch': '3.3.2'},
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const install = ['npm', 'install', '--silent', '--prefer-offline', '--no-audit', '--no-fund']
  await runCommand(install, {cwd: folder, env: process.env})

  const modules = join(folder, 'node_modules')
  const paths = [process.execPath, NEEDS['old Node'].find(), withNode22 ? join(modules, 'node-22/bin/node') : undefined]
  const nodes = paths.filter((path) => path !== undefined).map((path) => provideNode(folder, path))
  const onPath = (name: string) => realpathSync(execFileSync('which', [name], {encoding: 'utf8'}).trim())
  return {
    verdaccio: join(modules, 'verdaccio'),
    nodes: new Map(nodes.map((node) => [Number.parseInt(node.version, 10), node])),
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
  return {version, folder}
}
