import assert from 'node:assert/strict'
import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {createProject, type Setup} from './projects.ts'

/** What docs/install.md says, and a margin. */
const MAX_BYTES = 16e6
const MAX_BYTES_WITH_NODE = 145e6

/** Installs the command into a project and uses a session; by npm, it installs it globally, too. Returns the size of the installation in bytes. */
export async function tryCommand(work: string, setup: Setup, version: string): Promise<number> {
  const project = createProject(work, setup)
  await project.add('holdfast')
  const modules = join(project.folder, 'node_modules')
  assert(!existsSync(join(modules, '.bin/node')), 'another node is before that of the project, in node_modules/.bin')

  const holdfast = (args: readonly string[], options = {}) =>
    project.run([join(modules, '.bin/holdfast'), ...args], options)
  try {
    assert.equal((await holdfast(['--version'])).stdout, `${version}\n`)
    const run = await holdfast(['run', '--', 'echo hello; (exit 3)'], {mayFail: true})
    assert.deepEqual(run, {status: 3, stdout: 'hello\n', stderr: ''})
    const session = JSON.parse((await holdfast(['ls', '--json'])).stdout) as {id: string}
    assert.match((await holdfast(['show', session.id])).stdout, /^hello$/m)
    const cat = (await holdfast(['new', '--', 'cat'])).stdout.trim()
    await holdfast(['screenshot', cat, '--output', 'screen.png'])
    assert.match(readFileSync(join(project.folder, 'screen.png'), 'latin1'), /^.PNG\r\n/)
    assert.match((await holdfast(['completions', 'bash'])).stdout, /^complete -F _holdfast holdfast$/m)
  } finally {
    await holdfast(['close', '--all'])
  }
  if (setup.manager.name === 'npm') {
    const prefix = join(project.folder, 'global')
    await project.add('--global', `--prefix=${prefix}`, 'holdfast')
    assert.deepEqual(readdirSync(join(prefix, 'bin')), ['holdfast'])
    assert.deepEqual(readdirSync(join(prefix, 'share/man/man1')), ['holdfast.1'])
    assert.equal((await project.run([join(prefix, 'bin/holdfast'), '--version'])).stdout, `${version}\n`)
  }
  const bytes = sizeOf(modules)
  // bun installs the Node of the package also where it is not needed.
  const isCurrent = setup.node.major >= 24 && setup.manager.name !== 'bun'
  const maxBytes = isCurrent ? MAX_BYTES : MAX_BYTES_WITH_NODE
  assert(bytes < maxBytes, `expected an installation of at most ${maxBytes} bytes, got ${bytes}`)
  return bytes
}

function sizeOf(path: string): number {
  const stats = lstatSync(path)
  if (!stats.isDirectory()) return stats.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
