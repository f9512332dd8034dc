import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import type {LocalRegistry} from './local-registry.ts'
import {runCommand, type CommandResult} from './run-command.ts'
import type {Manager, NodeVersion} from './tools.ts'

/** An empty project of a user who has one Node and one package manager. */
export interface Project {
  folder: string
  add(...packages: string[]): Promise<CommandResult>
  run(command: readonly string[], options?: {mayFail?: boolean}): Promise<CommandResult>
}

export function createProject(work: string, {manager, node, registry}: Setup): Project {
  const folder = mkdtempSync(join(work, `${manager.name}-${node.version}-`))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({name: 'project', private: true, type: 'module'}))
  // All projects share the caches of the package managers.
  const home = join(work, 'home')
  mkdirSync(home, {recursive: true})
  writeFileSync(join(home, '.npmrc'), `registry=${registry.url}\n`)
  const env = {
    PATH: [node.folder, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: home,
    HOLDFAST_HOME: join(folder, 'home'),
    SHELL: '/bin/bash',
    TMPDIR: process.env['TMPDIR'],
  }
  const run: Project['run'] = (command, options) => runCommand(command, {cwd: folder, env, ...options})
  return {folder, run, add: (...packages) => run([...manager.add, ...packages])}
}

export interface Setup {
  manager: Manager
  node: NodeVersion
  registry: LocalRegistry
}
