import {spawnSync} from 'node:child_process'
import {accessSync, constants} from 'node:fs'
import {delimiter, join} from 'node:path'

/** What tests need of the machine, and the command that installs it. */
export const PROGRAMS = {
  bash: 'apt-get install bash',
  dash: 'apt-get install dash',
  fish: 'apt-get install fish',
  python3: 'apt-get install python3',
  vim: 'apt-get install vim',
  zsh: 'apt-get install zsh',
  'Node 20': `npm install --global --prefix ~/.local node-linux-${process.arch}@20`,
} as const

export type Program = keyof typeof PROGRAMS

/** The path of a program, or undefined if this machine does not have it. */
export function findProgram(program: Program): string | undefined {
  const folders = process.env['PATH']?.split(delimiter) ?? []
  // The workspace's own Node is first on the PATH.
  if (program === 'Node 20')
    return [...folders, '/usr/local/bin', '/usr/bin'].map((folder) => join(folder, 'node')).find(isOldNode)
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isOldNode(path: string): boolean {
  const {stdout, status} = spawnSync(path, ['--version'], {encoding: 'utf8'})
  return status === 0 && Number.parseInt(stdout.slice(1), 10) < 24
}
