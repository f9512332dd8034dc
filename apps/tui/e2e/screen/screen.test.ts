/* oxlint-disable no-control-regex -- what is written to the terminal is what this file is about */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {findProcess} from '../support/processes.ts'
import {linesOf, openTui, shows, type Tui} from '../support/tui.ts'

const sizes = [
  {cols: 80, rows: 24},
  {cols: 120, rows: 40},
  {cols: 40, rows: 12},
] as const

/** A folder in a repository, with the same name in each run. */
function makeProject(home: Home): string {
  const folder = `${home.user}/src`
  mkdirSync(`${folder}/.git`, {recursive: true})
  writeFileSync(`${folder}/.git/HEAD`, 'ref: refs/heads/main\n')
  return folder
}

/** The screen without times. */
function picture(tui: Tui): string {
  const screen = tui.screen().replaceAll(/^✓ \d.* s$/gm, '✓')
  return `${screen.replaceAll(/\d+(?:\.\d)? s\b/g, '0 s')}\n`
}

const board = [
  'for state in pulling extracting done; do',
  '[ $state = pulling ] || printf "\\033[3A"',
  'for name in web db cache; do printf "\\033[2K\\033[32m%s\\033[0m %s\\n" $name $state; done',
  'done; printf "10%%\\r100%%\\n"',
].join('\n')

test.each(sizes)('$cols×$rows: commands with their output, collapsed if it is long', async ({cols, rows}) => {
  await using home = createHome()
  const cwd = makeProject(home)
  writeFileSync(`${cwd}/board`, board)
  await using tui = await openTui(home, [], {cols, rows, cwd})
  await tui.waitFor('(main) · idle')
  await tui.submit('sh board')
  await tui.waitFor(/^✓/m)
  await expect(picture(tui)).toMatchFileSnapshot(`../screens/board-${cols}x${rows}.txt`)

  await tui.submit('seq 3000')
  await tui.waitFor(() => tui.scrollback().split('✓').length === 3)
  await tui.waitFor('idle')
  await expect(picture(tui)).toMatchFileSnapshot(`../screens/collapsed-${cols}x${rows}.txt`)
  expect(tui.outputOf('seq 3000')).toEqual([
    ...Array.from({length: 400}, (_, at) => `${at + 1}`),
    `… ${(3000 - 400 - rows / 2).toLocaleString('en')} lines collapsed · Ctrl-] expands them`,
    ...Array.from({length: rows / 2}, (_, at) => `${3001 + at - rows / 2}`),
  ])
  expect(tui.bytes.toString()).not.toMatch(/\u001b\[[23]J/)
})

test.each(sizes)('$cols×$rows: the last rows of a running command, the queue and the status', async ({cols, rows}) => {
  await using home = createHome()
  const cwd = makeProject(home)
  await using tui = await openTui(home, [], {cols, rows, cwd})
  await tui.waitFor('(main) · idle')
  await tui.submit('seq 30; read answer; echo $answer')
  await tui.waitFor(/^30$/m)
  await tui.waitFor('»')
  for (const prompt of ['one', 'two', 'three', 'four']) {
    tui.press('ctrl-t')
    await tui.waitFor(/^❯ *$/m)
    await tui.submitLast(`echo ${prompt}`)
    await tui.waitFor('»')
  }
  await tui.waitFor('4 queued')
  await tui.waitFor(/4\. echo four\n {2}Ctrl-T and ↑ edit the queue/)
  await tui.waitFor('waiting for you')
  await expect(picture(tui)).toMatchFileSnapshot(`../screens/running-${cols}x${rows}.txt`)
  tui.press('ctrl-c')
  await tui.waitFor('· idle')
})

test('Ctrl-] prints the collapsed output; Esc stops it', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('\u001d')
  await tui.waitFor('Nothing is collapsed')
  await tui.submit('seq 3000')
  await tui.waitFor(/^✓/m)
  tui.type('\u001d')
  await tui.waitFor('End of the output: 3,000 lines.')
  expect(tui.scrollback()).toContain(
    `\n❯ seq 3000\n${Array.from({length: 3000}, (_, at) => `${at + 1}\n`).join('')}End of the output`,
  )

  await tui.submit('seq -f %0100g 90000')
  await tui.waitFor(() => tui.scrollback().split('✓').length === 3, {timeoutMs: 30_000})
  tui.type('\u001d')
  await tui.waitFor('so far · Esc stops')
  tui.press('escape')
  await tui.waitFor(/^Stopped after [\d,]+ lines\. All of it: /m)
})

test('a full-screen program is named, and nothing of its screen is left', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  writeFileSync(
    `${home.project}/editor`,
    String.raw`printf '\033[?1049h\033[2JEDITOR'; read answer; printf '\033[?1049l'`,
  )
  await tui.submitLast('sh ./editor')
  await tui.waitFor(/^EDITOR/m)
  tui.press('detach')
  await tui.waitFor('sh needs the whole terminal: Enter gives it')
  expect(tui.scrollback()).not.toContain('EDITOR')
  tui.press('ctrl-c')
  await tui.waitFor(/^■ /m)
  expect(tui.scrollback()).not.toContain('EDITOR')
})

test('resizing the terminal while lines stream: each line is there once, and no rest of an old frame', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  // The lines come slowly: a frame that is drawn during a resize may appear twice.
  await tui.submit('print-lines out.txt 42 0.2')
  for (const [line, cols, rows] of [
    [12, 40, 12],
    [18, 400, 50],
    [24, 40, 24],
    [28, 120, 24],
    [32, 60, 8],
    [36, 80, 40],
  ] as const) {
    await tui.waitFor(shows(tui, `line ${line}`))
    tui.resize(cols, rows)
  }
  await tui.waitFor(/^✓/m)
  tui.resize(80, 24)
  await tui.waitFor('· idle')
  expect(tui.outputOf('print-lines out.txt 42 0.2')).toEqual(linesOf(home, 'out.txt'))
  const [start = '', ...rest] = tui.scrollback().split(/\n❯ ?/)
  expect(start.trim()).toBe('')
  expect(rest.join('\n').match(/· (?:\S )?(?:running|idle)/g)).toHaveLength(1)
  expect(tui.bytes.toString()).not.toMatch(/\u001b\[[23]J/)
})

test('the composer grows and shrinks while lines stream: the scrollback has each line once', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('print-lines out.txt 150 0.02')
  for (const line of [20, 60, 100]) {
    await tui.waitFor(shows(tui, `line ${line}`))
    for (let row = 0; row < 20; row++) tui.type('draft\n')
    await tui.waitFor(/^… draft$/m)
    tui.type('\u0015'.repeat(40))
    await tui.waitFor(() => !tui.screen().includes('draft'))
  }
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('print-lines out.txt 150 0.02')).toEqual([
    expect.stringMatching(/^pid \d+$/),
    ...Array.from({length: 150}, (_, at) => `line ${at + 1}`),
  ])
  expect(tui.scrollback()).not.toContain('draft')
  expect(tui.bytes.toString()).not.toMatch(/\u001b\[[23]J/)
})

test('leaving while a command runs keeps its output on the terminal', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('seq 30; sleep 60')
  await tui.waitFor(/^30$/m)
  tui.press('ctrl-d')
  tui.press('ctrl-d')
  await tui.exited
  await tui.waitFor('The session is still running')
  expect(tui.scrollback()).toContain(
    `${Array.from({length: 30}, (_, at) => `${at + 1}\n`).join('')}\nThe session is still running`,
  )
})

test('the screen reduces colours to the ones that the terminal has, and NO_COLOR turns them off', async () => {
  await using home = createHome()
  const color = String.raw`printf '\033[38;2;255;0;0mred\033[0m\n'`
  for (const [env, shown] of [
    [{COLORTERM: 'truecolor'}, '\u001b[38;2;255;0;0mred\u001b[0m'],
    [{}, '\u001b[38;5;196mred\u001b[0m'],
    [{TERM: 'xterm'}, '\u001b[91mred\u001b[0m'],
  ] as const) {
    await using tui = await openTui(home, [], {env})
    await tui.waitFor('· idle')
    await tui.submit(color)
    await tui.waitFor(/^red$/m)
    await tui.waitFor(/^✓/m)
    expect(tui.bytes.toString()).toContain(shown)
  }
  await using tui = await openTui(home, [], {env: {NO_COLOR: '1', COLORTERM: 'truecolor'}})
  await tui.waitFor('· idle')
  await tui.submit(color)
  await tui.waitFor(/^✓/m)
  expect(tui.bytes.toString()).not.toMatch(/\u001b\[(?:\d+;)*[349]\d[;m]/)
})

test('the end of a long command rings or notifies, by the settings; problems of the settings are shown', async () => {
  await using home = createHome()
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, '{"notify": "osc9", "notifyAfterSeconds": 1, "colour": 1}')
  await using tui = await openTui(home)
  await tui.waitFor(/^`colour` in .*, line 1:/m)
  await tui.waitFor('· idle')
  await tui.submit('true')
  await tui.waitFor(/^✓/m)
  await tui.submit('sleep 1.1')
  await tui.waitFor(() => tui.scrollback().split('✓').length === 3)
  expect(tui.bytes.toString().match(/\u001b\]9;[^\u0007]*\u0007/g)).toEqual([
    expect.stringMatching(/^\u001b\]9;✓ \d\.\d s · sleep 1\.1\u0007$/),
  ])
})

test('a flood needs bounded memory and one screenful per frame; when nothing happens, nothing is drawn', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('true')
  await tui.waitFor(/^✓/m)
  const {pid} = findProcess(tui.pid)!
  const idleKib = memoryKib(pid)
  await tui.submit('seq -f %099g 999999')
  await tui.waitFor(() => tui.scrollback().split('✓').length === 3, {timeoutMs: 50_000})
  expect(memoryKib(pid) - idleKib).toBeLessThan(150 * 1024)
  const frames = tui.bytes
    .toString()
    .split('\u001b[?2026h')
    .map(({length}) => length)
  // A screenful, the sequences that erase the one before, and colours; the first lines of output are such a frame, too.
  expect(Math.max(...frames)).toBeLessThan(2 * 80 * 24)
  expect(tui.outputOf('seq -f %099g 999999').slice(-1)).toEqual([String(999_999).padStart(99, '0')])

  await tui.waitFor('· idle')
  const drawn = tui.bytes.length
  await home.holdfast(['ls'])
  expect(tui.bytes.length).toBe(drawn)
})

function memoryKib(pid: number): number {
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(peak)
}
