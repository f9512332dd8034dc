import {existsSync, mkdirSync, readdirSync, readlinkSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {createCompleter} from '../../src/complete/completer.ts'
import {createShellState} from '../../src/complete/shell-state.ts'
import {sideBash} from '../../src/complete/side-bash.ts'
import {startSideProcess} from '../../src/complete/side-process.ts'
import {temporaryFolder} from '../fixtures/temporary-shell.ts'

function openTerminals(): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return links.filter((link) => /^\/dev\/(ptmx|pts\/)/.test(link)).length
}

test('a side process that cannot start leaves no terminal open', async () => {
  const folder = join(await temporaryFolder(), 'gone')
  const before = openTerminals()
  for (let generation = 0; generation < 5; generation++)
    expect(() => startSideProcess({path: '/bin/bash', sideShell: sideBash(), env: {}, folder, generation})).toThrow(
      'ENOENT',
    )
  await new Promise((later) => setImmediate(later))
  expect(openTerminals()).toBe(before)
})

test('without the folder of its link, a shell completes paths, and reports its state when the folder is there again', async () => {
  const home = await temporaryFolder()
  mkdirSync(join(home, 'docs'))
  const links = join(home, 'links')
  mkdirSync(links)
  const link = join(links, 'state')
  const state = createShellState(link)
  const completer = createCompleter({
    path: '/bin/bash',
    side: {shell: sideBash(), state},
    syntax: 'ansi-c',
    env: {HOME: home, PATH: process.env['PATH'] ?? ''},
    temporary: join(home, 'temporary'),
  })
  onTestFinished(() => completer.close())
  rmSync(links, {recursive: true})
  completer.expect()
  const answer = await completer.complete('cat doc', {cwd: home, isDrawing: () => false})
  expect(answer.candidates.map(({insert}) => insert)).toEqual(['docs/'])
  mkdirSync(links)
  completer.expect()
  expect(existsSync(link)).toBe(true)
})
