/* oxlint-disable no-control-regex -- control sequences are what is tested here */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {darkTheme} from '../../src/theme/dark-theme.ts'
import {lightTheme} from '../../src/theme/light-theme.ts'
import {createHome, type Home} from '../support/home.ts'
import {openTmuxTui} from '../support/tmux.ts'
import {openTui, type Tui} from '../support/tui.ts'

const trueColor = {COLORTERM: 'truecolor'}
const query = '\u001b]11;?\u001b\\'
const darkAnswer = '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\\u001b]10;rgb:cdcd/d6d6/f4f4\u001b\\'

function writeSettings(home: Home, settings: object): void {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
}

/** The colour of the sign of the prompt, `0xrrggbb`, or that of the palette. */
function signColor({buffer}: Tui): number {
  for (let row = buffer.length - 1; row >= 0; row--) {
    const cell = buffer.getLine(row)?.getCell(0)
    if (cell?.getChars() === '❯') return cell.getFgColor()
  }
  throw new Error('expected a prompt')
}

const colorOf = (color: string | undefined) => parseInt(color?.slice(1) ?? '', 16)
const dark = colorOf(darkTheme.accent.color)
const light = colorOf(lightTheme.accent.color)

test('the terminal is asked for its colours after the first frame, and its answer is never typed', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: trueColor})
  await tui.waitFor('· idle')
  expect(tui.bytes.toString().split(query)).toHaveLength(2)
  expect(tui.bytes.indexOf('❯')).toBeLessThan(tui.bytes.indexOf(query))
  // The emulator has said that it knows no such query: the 16 colours are drawn.
  expect(signColor(tui)).toBe(6)
  // A late answer, which arrives in pieces among keys.
  tui.type('ec')
  for (const piece of [darkAnswer.slice(0, 9), darkAnswer.slice(9, 30), darkAnswer.slice(30)]) tui.type(piece)
  tui.type('ho')
  await tui.waitFor(/^❯ echo$/m)
  await tui.waitFor(() => signColor(tui) === dark)
  tui.type('\u001b]11;rgb:ffff/ffff/ffff\u001b\\\u001b]10;rgb:0/0/0\u0007 this')
  await tui.waitFor(/^❯ echo this$/m)
  await tui.waitFor(() => signColor(tui) === light)
})

test('$COLORFGBG is the answer of a terminal that knows no query', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {...trueColor, COLORFGBG: '0;15'}})
  await tui.waitFor(() => signColor(tui) === light)
})

test('/theme draws the screen in each theme that is selected, and stores the one that is chosen', async () => {
  await using home = createHome()
  writeSettings(home, {theme: 'light', tabs: 'off'})
  await using tui = await openTui(home, [], {env: trueColor})
  await tui.waitFor(() => signColor(tui) === light)
  await tui.submit('/theme')
  await tui.waitFor('● light')
  tui.press('down')
  await tui.waitFor(() => signColor(tui) === dark)
  tui.press('escape')
  await tui.waitFor(() => signColor(tui) === light)
  await tui.submit('/theme')
  await tui.waitFor('● light')
  tui.press('down')
  tui.press('enter')
  await tui.waitFor('The theme is dark, also in the settings')
  expect(signColor(tui)).toBe(dark)
  await tui.submit('/theme nope.json')
  await tui.waitFor(/nope\.json cannot be read/)
  expect(signColor(tui)).toBe(dark)
  const settings = readFileSync(`${home.user}/.config/holdfast/config.json`, 'utf8')
  expect(JSON.parse(settings)).toEqual({theme: 'dark', tabs: 'off'})
  await using next = await openTui(home, [], {env: trueColor})
  await next.waitFor(() => signColor(next) === dark)
})

test('a theme of the settings is drawn from the first frame, and the terminal is not asked', async () => {
  await using home = createHome()
  writeSettings(home, {theme: 'dark'})
  await using tui = await openTui(home, [], {env: trueColor})
  await tui.waitFor('· idle')
  expect(signColor(tui)).toBe(dark)
  expect(tui.bytes.includes(query)).toBe(false)
})

test('a file of the user changes a theme; its problems name file, line and key', async () => {
  await using home = createHome()
  writeSettings(home, {theme: 'mine.json'})
  writeFileSync(
    `${home.user}/.config/holdfast/mine.json`,
    '{"extends": "dark",\n"accent": {"color": "#ff8700"},\n"muted": {"colour": "red"}}',
  )
  await using tui = await openTui(home, [], {env: trueColor})
  await tui.waitFor('`muted.colour` in ')
  expect(tui.screen().replaceAll('\n', ' ')).toMatch(/mine\.json, line 3: expected one of the keys `color`, /)
  expect(signColor(tui)).toBe(0xff_87_00)
  // A host that starts while the screen is closed would be left.
  await tui.waitFor('· idle')
})

test('NO_COLOR leaves what is no colour, and nobody is asked', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {...trueColor, NO_COLOR: '1'}})
  await tui.waitFor('· idle')
  await tui.submit('true')
  await tui.waitFor(/^✓/m)
  expect(tui.bytes.toString()).not.toMatch(/\u001b\[(?:\d+;)*[349]\d[;m]/)
  expect(tui.bytes.includes(query)).toBe(false)
  expect(tui.bytes.toString()).toContain('\u001b[1m❯\u001b[22m')
})

test('in tmux, what the terminal answers is not typed either', async () => {
  await using home = createHome()
  await using tui = await openTmuxTui(home)
  await tui.waitFor('· idle')
  tui.type('echo it works')
  await tui.waitFor(/^❯ echo it works$/m)
})

test('a prompt and the composer stand on a band over the whole width; the prompt has its folder and time', async () => {
  await using home = createHome()
  writeSettings(home, {theme: 'dark'})
  await using tui = await openTui(home, [], {env: trueColor})
  await tui.waitFor('· idle')
  await tui.waitFor('/ lists the commands of the screen')
  await tui.submit('cd ~')
  await tui.waitFor(/^❯ cd ~\n✓/m)
  await tui.submit('true')
  await tui.waitFor(/^❯ true\n✓[^\n]*\n\n.* · ~ · idle\n❯\n {2}\/ commands/m)
  expect(tui.screen()).not.toContain('lists the commands of the screen')
  const rows = Array.from({length: 24}, (_, row) => tui.buffer.getLine(tui.buffer.baseY + row)!)
  const heads = rows.filter((row) => row.getCell(0)?.getChars() === '❯')
  expect(heads.map((row) => row.translateToString(true).trimEnd())).toEqual([
    expect.stringMatching(/^❯ cd ~ +\S+\/project {2}\d\d:\d\d$/),
    expect.stringMatching(/^❯ true +~ {2}\d\d:\d\d$/),
    '❯',
  ])
  const band = colorOf(darkTheme.band.background)
  for (const row of heads) for (const column of [0, 5, 40, 79]) expect(row.getCell(column)?.getBgColor()).toBe(band)
})

test('a program that reads a secret has a badge, and a run of more than a second a spinner', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit(`sleep 1.5; stty -echo; printf 'Key: '; read x; stty echo`)
  await tui.waitFor(/· [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] running 1 s/)
  await tui.waitFor(/^ PASSWORD {2}project · .* · waiting for you \d+ s$/m)
  tui.type('x\r')
  await tui.waitFor(/^project · .* · idle$/m)
})

test('a slash command stands before its answer, which has groups; without hints, there is no line of keys', async () => {
  await using home = createHome()
  writeSettings(home, {hints: 'off'})
  await using tui = await openTui(home, [], {rows: 60})
  await tui.waitFor('· idle')
  expect(tui.screen()).not.toContain('commands')
  await tui.submit('/help')
  await tui.waitFor('closes the menu')
  const lines = tui.scrollback()
  expect(lines).toMatch(/^❯ \/help\nSessions and prompts\n\/help {2,}\S/m)
  for (const title of ['Coding agents\n/agent', 'Writing a prompt\nEnter']) expect(lines).toContain(`\n\n${title}`)
  expect(tui.screen()).toMatch(/· idle\n❯$/)
})
