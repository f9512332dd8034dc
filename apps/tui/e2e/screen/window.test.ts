import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import type {Terminal} from '../support/terminal.ts'
import {openScreenTui} from '../support/gnu-screen.ts'
import {openTmuxTui} from '../support/tmux.ts'
import {openTui} from '../support/tui.ts'

function writeSettings(home: Home, settings: object): void {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
}

const focus = {on: '\u001b[I', off: '\u001b[O'}

/** The notifications and the progress that the terminal got, in order. */
function sequencesOf(terminal: Terminal, number: 9 | 777): string[] {
  // oxlint-disable-next-line no-control-regex -- control sequences are what this is about
  const found = terminal.bytes.toString().matchAll(/\u001b\](9|777);([^\u0007]*)\u0007/g)
  return [...found].filter(([, code]) => Number(code) === number).map(([, , text = '']) => text)
}

const waiting = 'until [ -e go ]; do sleep 0.01; done; rm go'

test('a terminal that has the focus gets no notification, and one that has lost it does; the reports are never typed', async () => {
  await using home = createHome()
  writeSettings(home, {notify: 'osc777', notifyAfterSeconds: 0})
  await using tui = await openTui(home)
  await tui.waitFor(() => tui.modes().changed.includes('?1004h'))
  tui.type(focus.on)
  await tui.submit('echo seen')
  await tui.waitFor(/^seen\n✓/m)
  tui.type(focus.off)
  await tui.submit(`${waiting}; false`)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^✗/m)
  await tui.waitFor(() => sequencesOf(tui, 777).length > 0)
  tui.type(`${focus.on}x${focus.off}`)
  await tui.waitFor(/^❯ x$/m)
  expect(sequencesOf(tui, 777)).toEqual([expect.stringMatching(/^notify;Holdfast;✗ exit 1.* · until /)])
})

test('a program that reads after it was busy for long notifies the user', async () => {
  await using home = createHome()
  writeSettings(home, {notify: 'osc9', notifyAfterSeconds: 1})
  await using tui = await openTui(home)
  await tui.submit('sleep 1.2; read -p "Name: "')
  await tui.waitFor(/^» Name:/m)
  await tui.waitFor(() => sequencesOf(tui, 9).length > 0)
  expect(sequencesOf(tui, 9)).toEqual(['Waiting for your input: sleep 1.2; read -p "Name: "'])
})

test('a long run shows in the taskbar, and its failure until the user looks', async () => {
  await using home = createHome()
  writeSettings(home, {notify: 'off'})
  await using tui = await openTui(home, [], {env: {TERM_PROGRAM: 'ghostty', TERM_PROGRAM_VERSION: '1.2.3'}})
  await tui.waitFor('· idle')
  tui.type(focus.off)
  await tui.submit(`${waiting}; read -p "Name: "; false`)
  await tui.waitFor(() => sequencesOf(tui, 9).at(-1) === '4;3;0')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(() => sequencesOf(tui, 9).at(-1) === '4;4;100')
  await tui.waitFor(/^» Name:/m)
  tui.type('Ada\r')
  await tui.waitFor(/^✗/m)
  await tui.waitFor(() => sequencesOf(tui, 9).at(-1) === '4;2;100')
  tui.type(focus.on)
  await tui.waitFor(() => sequencesOf(tui, 9).at(-1) === '4;0;0')
})

test('a screen that is killed with SIGTERM, or that ends, takes the progress and the reports of the focus back', async () => {
  await using home = createHome()
  writeSettings(home, {notify: 'off', progress: 'on'})
  await using tui = await openTui(home)
  await tui.submit(waiting)
  await tui.waitFor(() => sequencesOf(tui, 9).at(-1) === '4;3;0')
  tui.kill('SIGTERM')
  await tui.exited
  expect(sequencesOf(tui, 9)).toEqual(['4;3;0', '4;0;0'])
  expect(tui.modes()).toEqual(tui.modesBefore)
})

/** How often the bell rang. BEL also ends sequences, such as titles. */
function bellsOf(terminal: Terminal): number {
  // oxlint-disable-next-line no-control-regex -- control sequences are what this is about
  const withoutStrings = terminal.bytes.toString().replaceAll(/\u001b\][^\u0007\u001b]*\u0007/g, '')
  return withoutStrings.split('\u0007').length - 1
}

test('in tmux, Alt-↑ and the reports of the focus arrive', async () => {
  await using home = createHome()
  writeSettings(home, {notify: 'bell', notifyAfterSeconds: 0})
  await using tui = await openTmuxTui(home, [], {settings: 'set -g focus-events on\n'})
  await tui.waitFor('· idle')
  tui.type(focus.on)
  tui.type('echo it works\r')
  await tui.waitFor(/^it works\n✓/m)
  tui.type('\u001b[1;3A')
  await tui.waitFor('Esc back')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc back'))
  expect(bellsOf(tui)).toBe(0)
  tui.type(focus.off)
  tui.type('echo once more\r')
  await tui.waitFor(() => bellsOf(tui) === 1)
})

test('in GNU screen, which knows no reports of the focus, Alt-↑ arrives, and the bell rings as ever', async () => {
  await using home = createHome()
  writeSettings(home, {notify: 'bell', notifyAfterSeconds: 0})
  await using tui = await openScreenTui(home)
  await tui.waitFor('· idle')
  tui.type('echo it works\r')
  await tui.waitFor(/^it works\n✓/m)
  tui.type('\u001b[1;3A')
  await tui.waitFor('Esc back')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc back'))
  expect(bellsOf(tui)).toBe(1)
})
