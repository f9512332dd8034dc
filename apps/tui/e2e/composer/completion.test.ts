import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {ctrl, keyBytes} from '../support/key-bytes.ts'
import {startServer} from '../support/serve.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {waitForWritten} from './written.ts'

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((child) => child !== '')
}

/** A project with a Makefile, two folders and a repository with two branches. */
function fill({project, env}: Home): void {
  mkdirSync(`${project}/docs`)
  mkdirSync(`${project}/two words`)
  writeFileSync(`${project}/data.txt`, 'content\n')
  writeFileSync(`${project}/Makefile`, 'build:\n\t@echo made\n')
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {cwd: project, env, stdio: 'pipe'})
  git('init', '-q', '-b', 'main')
  git('commit', '-q', '--allow-empty', '-m', 'first')
  git('branch', 'feature-one')
}

test.each(['bash', 'zsh', 'fish'] as const)('Tab completes as %s does, and lists what is possible', async (name) => {
  if (name === 'bash') need('bash-completion')
  await using home = createHome()
  fill(home)
  await using tui = await openTui(home, ['--shell', need(name)])
  await tui.waitFor('· idle')

  tui.type(`git che${keyBytes.tab}`)
  await tui.waitFor(/^ {2}cherry-pick/m)
  await tui.waitFor('Tab chooses · Enter takes it · Esc closes')
  if (name !== 'bash') await tui.waitFor(/^ {2}checkout +\S+ /m)
  // Typing leaves what still matches; Tab and Shift-Tab choose, Enter takes it and runs nothing.
  tui.type('ckou')
  await tui.waitFor(() => !tui.screen().includes('cherry-pick'))
  tui.type(`${keyBytes.tab}\r`)
  await waitForWritten(tui, '❯ git checkout')
  tui.type(`fea${keyBytes.tab}`)
  await waitForWritten(tui, '❯ git checkout feature-one')
  tui.press('enter')
  await tui.waitFor(/✓/)

  tui.type(`cd tw${keyBytes.tab}`)
  await waitForWritten(tui, String.raw`❯ cd two\ words/`)
  tui.type(`${ctrl('u')}cat dat${keyBytes.tab}`)
  await waitForWritten(tui, '❯ cat data.txt')
  tui.type(`${ctrl('u')}make bu${keyBytes.tab}\r`)
  await tui.waitFor(/^made$/m)
  // What the session's shell has learnt.
  await tui.submit(name === 'fish' ? 'function shipshape; echo ashore; end' : 'shipshape() { echo ashore; }')
  await tui.waitFor(/shipshape[^]*✓/)
  tui.type(`shipsh${keyBytes.tab}\r`)
  await tui.waitFor(/^ashore$/m)
})

test('Tab completes on the machine of a remote session', async () => {
  need('bash-completion')
  await using there = createHome()
  await using here = createHome()
  fill(there)
  await using server = await startServer(there)
  await using tui = await openTui(here, server.optionsFor())
  await tui.waitFor('· idle')
  await tui.submit(`cd ${there.project}`)
  await tui.waitFor(/✓/)
  tui.type(`git checkout fea${keyBytes.tab}`)
  await waitForWritten(tui, '❯ git checkout feature-one')
  tui.type(`${ctrl('u')}cat dat${keyBytes.tab}\r`)
  await tui.waitFor(/^content$/m)
})

test.each(['bash', 'zsh', 'fish'] as const)(
  'the %s that completes ends with its host, also when that is killed',
  async (name) => {
    await using home = createHome()
    fill(home)
    await using tui = await openTui(home, ['--shell', need(name)])
    await tui.waitFor('· idle')
    tui.type(`cat dat${keyBytes.tab}`)
    await waitForWritten(tui, '❯ cat data.txt')
    const host = await home.process('host')
    const completing = childrenOf(host.pid)
    expect(completing).toHaveLength(2)
    process.kill(host.pid, 'SIGKILL')
    await until(() => completing.every((pid) => !existsSync(`/proc/${pid}`)), {what: 'the end of both shells'})
    tui.type(`${ctrl('u')}cat dat${keyBytes.tab}`)
    await waitForWritten(tui, '❯ cat data.txt')
  },
)

test('a long list fits into a small terminal, and the composer stays live while the shell is asked', async () => {
  await using home = createHome()
  for (let index = 0; index < 60; index++) writeFileSync(`${home.project}/file-${String(index).padStart(3, '0')}`, '')
  writeFileSync(
    `${home.user}/.bashrc`,
    `PS1='$ '\n_slow() { sleep 0.6; COMPREPLY=(slowly); }; complete -F _slow slow\n`,
  )
  await using tui = await openTui(home, [], {cols: 40, rows: 12})
  await tui.waitFor('· idle')
  tui.type(`cat fil${keyBytes.tab}`)
  await waitForWritten(tui, '❯ cat file-0')
  await tui.waitFor(/more · /)
  for (let index = 0; index < 40; index++) tui.type(keyBytes.tab)
  await tui.waitFor(/^ {2}file-039/m)
  expect(tui.screen()).toContain('❯ cat file-0')
  tui.type('\r')
  await waitForWritten(tui, '❯ cat file-039')
  // The answer comes too late for what is written by then.
  tui.type(`${ctrl('u')}slow ${keyBytes.tab}er and slower`)
  await waitForWritten(tui, '❯ slow er and slower')
  tui.type(`${ctrl('u')}slow ${keyBytes.tab}`)
  await waitForWritten(tui, '❯ slow slowly')
})

test('a completion that hangs, asks and prints does not reach the screen, and paths come in its place', async () => {
  await using home = createHome()
  fill(home)
  const hang =
    '_hang() { echo NOISE; echo NOISE >/dev/tty; read -r answer </dev/tty; sleep 1000; }; complete -F _hang hang'
  writeFileSync(`${home.user}/.bashrc`, `PS1='$ '\n${hang}\n`)
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type(`hang dat${keyBytes.tab}`)
  await waitForWritten(tui, '❯ hang data.txt')
  tui.type(`${ctrl('u')}cat dat${keyBytes.tab}\r`)
  await tui.waitFor(/^content$/m)
  expect(tui.scrollback()).not.toContain('NOISE')
})
