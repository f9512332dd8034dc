import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {openScreenTui} from '../support/gnu-screen.ts'
import {createHome} from '../support/home.ts'
import {alt, ctrl, keyBytes} from '../support/key-bytes.ts'
import {openTmuxTui} from '../support/tmux.ts'

const altUp = '\u001b[1;3A'

const cases = Object.entries({tmux: openTmuxTui, screen: openScreenTui}).flatMap(([name, open]) =>
  [
    [80, 24],
    [120, 40],
    [40, 12],
  ].map(([cols = 0, rows = 0]) => ({name, open, cols, rows})),
)

test.each(cases)(
  'in $name at $cols×$rows, each menu, list and panel opens by its key and closes by Esc',
  async ({open, ...size}) => {
    await using home = createHome()
    await using tui = await open(home, [], size)
    await tui.waitFor('· idle')
    const look = async (keys: string, shown: string | RegExp) => {
      tui.type(keys)
      await tui.waitFor(shown)
      tui.press('escape')
      await tui.waitFor(() => tui.screen().search(shown) === -1)
    }

    tui.type('seq 1000; false\r')
    await tui.waitFor(/^✗ exit 1/m)
    tui.type(ctrl(']'))
    await tui.waitFor('End of the output: 1,000 lines.')
    tui.type('/help\r')
    await tui.waitFor(/stops the agent$/m)
    await look('/', 'Tab completes')
    tui.type(ctrl('u'))
    await look(ctrl('r'), /^history: ▏/m)
    await look(altUp, /^ {2}✗ exit 1\b/m)
    await look('/sessions\r', /^sessions: ▏/m)
    tui.type(alt('2'))
    await tui.waitFor(/There is no open session 2/)
    tui.type(`echo a${keyBytes.altEnter}echo b`)
    await tui.waitFor(/^❯ echo a *\n… echo b/m)
    tui.press('enter')
    await tui.waitFor(/^a\nb\n✓/m)

    tui.type('sleep 300\r')
    await tui.waitFor(/· (?:\S )?running/)
    tui.type('echo queued\r')
    await tui.waitFor('↑ edits the queue')
    await look('\u001b[A', '1 prompt in the queue')
    tui.press('ctrl-c')
    await tui.waitFor(/^■ interrupted · exit 130/m)
    await tui.waitFor(/^ HELD /m)
    tui.type(ctrl('g'))
    await tui.waitFor(/^queued\n✓/m)

    tui.type('echo first; false\r')
    await tui.waitFor(/^first\n✗/m)
    tui.type(ctrl('l'))
    await tui.waitFor(() => !tui.screen().includes('first') && tui.screen().includes('❯'))
  },
)

test.each(cases)('in $name at $cols×$rows, a theme is drawn, and sessions have tabs', async ({name, open, ...size}) => {
  await using home = createHome()
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify({tabs: 'on', theme: 'dark'}))
  await home.holdfast(['run', '--keep', '--', 'echo api'])
  await using tui = await open(home, ['--title', 'notes'], size)
  await tui.waitFor('· idle')
  if (size.rows > 12) await tui.waitFor(/^ 1 echo api │ ▸2 notes/m)
  tui.type(alt('1'))
  await tui.waitFor(/^api\n✓/m)
  await tui.waitFor(/▸1 echo api │ 2 notes|^echo api · /m)
  tui.type(alt('2'))
  await tui.waitFor(/^notes · /m)
  const row = tui
    .screen()
    .split('\n')
    .findLastIndex((line) => line.startsWith('❯'))
  const sign = tui.buffer.getLine(tui.buffer.baseY + row)?.getCell(0)
  // GNU screen has 16 colours, of which none is a band's.
  expect(sign?.getFgColor()).toBe(name === 'tmux' ? 0x6f : 6)
  expect(sign?.isBgDefault()).toBe(name === 'screen')
})

const deaths = {
  program: {script: 'until [ -e go ]; do sleep 0.05; done; kill -9 $$', end: /^✗ exit 137/m},
  'host of a program': {
    script: 'until [ -e go ]; do sleep 0.05; done; kill -9 $HOST; sleep 60',
    end: /^■ interrupted/m,
  },
}

test.each(Object.entries(deaths))(
  'in tmux, the lines before a program on the alternate screen stay when the %s is killed',
  async (_who, {script, end}) => {
    await using home = createHome()
    await using tui = await openTmuxTui(home)
    await tui.waitFor('· idle')
    tui.type('seq 301 340\r')
    await tui.waitFor(/^340\n✓/m)
    const {pid} = await home.process('host')
    writeFileSync(`${home.project}/draw`, String.raw`printf '\033[?1049h\033[2;3r\033[5;1Hdrawn'; ` + script)
    tui.type(`HOST=${pid} sh draw\r`)
    await tui.waitFor(/^drawn/m)
    writeFileSync(`${home.project}/go`, '')
    await tui.waitFor(end)
    const lines = tui.history().split('\n')
    const first = lines.indexOf('301')
    expect(lines.slice(first, first + 40)).toEqual(Array.from({length: 40}, (_, index) => String(301 + index)))
    expect(lines.filter((line) => line.startsWith(`❯ HOST=`))).toHaveLength(1)
  },
)
