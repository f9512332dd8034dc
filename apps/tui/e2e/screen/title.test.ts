import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import type {Terminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'

/** The titles that the terminal got, in order; `aside` and `back` where it keeps its own title aside. */
function titlesOf(terminal: Terminal): string[] {
  // oxlint-disable-next-line no-control-regex -- control sequences are what this is about
  const found = terminal.bytes.toString().matchAll(/\u001b\](?:0|2);([^\u0007]*)\u0007|\u001b\[2([23]);2t/g)
  return [...found].map(([, title, stack]) => title ?? (stack === '2' ? 'aside' : 'back'))
}

test('the title of the terminal is the folder and the command; at the end it is the one from before', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor(() => titlesOf(tui).at(-1) === home.project)
  await tui.submit('until [ -e go ]; do sleep 0.01; done; printf "\\033]2;of a program\\007"; cd /')
  await tui.waitFor(() => titlesOf(tui).at(-1)?.includes(' · until') === true)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(() => titlesOf(tui).at(-1) === '/')
  tui.kill('SIGTERM')
  await tui.exited
  const folder = home.project
  expect(titlesOf(tui)).toEqual([
    'aside',
    folder,
    expect.stringMatching(new RegExp(`^${folder} · until `)),
    '/',
    'back',
  ])
})

test('the title names a program that has the terminal, which may set its own', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  const folder = home.project
  await tui.waitFor(() => titlesOf(tui).at(-1) === folder)
  const wait = (file: string) => `until [ -e ${file} ]; do sleep 0.01; done`
  const [draw, setTitle] = [String.raw`printf '\033[?1049hdra''wn'`, String.raw`printf '\033]2;its own\007'`]
  writeFileSync(`${home.project}/program`, `${draw}; ${wait('first')}; ${setTitle}; ${wait('second')}`)
  await tui.submit('sh program')
  await tui.waitFor(/^drawn/m)
  await tui.waitFor(() => titlesOf(tui).at(-1) === `${folder} · sh program`)
  writeFileSync(`${home.project}/first`, '')
  await tui.waitFor(() => titlesOf(tui).at(-1) === 'its own')
  writeFileSync(`${home.project}/second`, '')
  await tui.waitFor(() => titlesOf(tui).at(-1) === folder)
  tui.kill('SIGTERM')
  await tui.exited
  expect(titlesOf(tui).filter((title) => title === 'aside' || title === 'back')).toEqual(['aside', 'back'])
})

test('the screen of another machine names it', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  await using tui = await openTui(here, server.optionsFor())
  const {host} = new URL(server.url)
  await tui.waitFor(new RegExp(`^${host} · .* · idle`, 'm'))
  await tui.waitFor(() => titlesOf(tui).at(-1) === `${host} · ${there.user}`)
})

test('a screen inside a session says so, and cannot show that session', async () => {
  await using home = createHome()
  await using outer = await openTui(home)
  await outer.waitFor('· idle')
  const [{id = ''} = {}] = JSON.parse(`[${(await home.holdfast(['ls', '--json'])).stdout.trim()}]`) as {id?: string}[]
  const env = {HOLDFAST_SESSION: id}
  await using inner = await openTui(home, [], {env})
  await inner.waitFor(`This is a Holdfast inside session ${id}`)
  await inner.waitFor('· idle')
  await inner.submit(`/sessions ${id}`)
  await inner.waitFor('This screen runs in that session, which cannot show itself')
  const refused = `session ${id} is the one that runs this command`
  for (const args of [
    ['--resume', id],
    ['run', '--session', id, '--', 'true'],
  ]) {
    const {stderr, exitCode} = await home.holdfast(args, {env})
    expect(stderr).toContain(args[0] === 'run' ? `${refused}: it would wait for itself; add --no-wait` : '')
    expect(exitCode).not.toBe(0)
  }
})
