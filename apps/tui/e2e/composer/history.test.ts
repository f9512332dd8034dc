import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {alt, ctrl, keyBytes} from '../support/key-bytes.ts'
import {startServer} from '../support/serve.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {waitForWritten, withoutHint} from './written.ts'

/** Waits until a prompt is in the history, which is loaded a moment after the session. */
async function recall(tui: Tui, text: string): Promise<void> {
  await tui.waitFor('· idle')
  tui.type(ctrl('r'))
  tui.type(text)
  await tui.waitFor(new RegExp(`^  ${text} `, 'm'))
  await leaveSearch(tui)
}

/** Presses Esc, and waits until it is recognized: with the next key, it could become an Alt key. */
async function leaveSearch(tui: Tui): Promise<void> {
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc back'))
}

test('↑ and Ctrl-R recall the prompts of other sessions, also with --connect', async () => {
  await using home = createHome()
  for (const text of ['echo one', 'echo two', 'echo one']) await home.holdfast(['run', '--keep', '--', text])
  await using server = await startServer(home)
  await using there = createHome()
  for (const tui of [await openTui(home), await openTui(there, server.optionsFor())]) {
    await using screen = tui
    await recall(screen, 'echo two')
    screen.press('up')
    await waitForWritten(screen, '❯ echo one')
    screen.press('up')
    await waitForWritten(screen, '❯ echo two')
    screen.press('up')
    await waitForWritten(screen, '❯ echo two')
    screen.press('down')
    screen.press('down')
    await waitForWritten(screen, '❯')
  }
})

test('Ctrl-R lists prompts with outcome, age and folder; typing narrows it; Enter takes one, Esc does not', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  for (const text of ['echo red', 'echo green', 'false']) {
    await tui.submit(text)
    await tui.waitFor(text === 'false' ? /^✗/m : new RegExp(`^${text.slice(5)}\\n✓`, 'm'))
  }
  tui.type('kept')
  tui.type(ctrl('r'))
  const folder = home.project
  await tui.waitFor(
    new RegExp(
      [
        '^history: ▏',
        `  false       ✗ 1      now  ${folder}`,
        `  echo green  ✓        now  ${folder}`,
        `  echo red    ✓        now  ${folder}`,
        '  Enter takes it · ↑↓ choose · type to search · Esc back$',
      ].join('\\n'),
      'm',
    ),
  )
  tui.type('er')
  await tui.waitFor(/^history: er▏\n {2}echo red .*\n {2}echo green .*\n {2}Enter takes it/m)
  await leaveSearch(tui)
  await waitForWritten(tui, '❯ kept')
  tui.type(ctrl('r'))
  tui.type('echo')
  tui.type(ctrl('r'))
  tui.type('\r')
  await waitForWritten(tui, '❯ echo red')
  tui.type(' too\r')
  await tui.waitFor(/^red too\n✓/m)
})

test('a suggestion from the history is dim; → takes it, Alt-→ a word of it, and Enter submits without it', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo one two')
  await tui.waitFor(/^one two\n✓/m)
  tui.type('ec')
  await waitForWritten(tui, '❯ echo one two')
  const row = tui.buffer.getLine(tui.buffer.baseY + withoutHint(tui).length - 1)
  const styles = Array.from({length: 12}, (_, at) => {
    const cell = row?.getCell(2 + at)
    return cell?.isInverse() ? 'cursor' : cell?.isDim() ? 'dim' : 'plain'
  })
  expect(styles).toEqual(['plain', 'plain', 'cursor', ...Array.from({length: 9}, () => 'dim')])
  tui.type(keyBytes.altRight)
  tui.type(keyBytes.altRight)
  tui.type('!\r')
  await tui.waitFor(/^one!\n✓/m)
  tui.type('echo one ')
  await waitForWritten(tui, '❯ echo one two')
  tui.type(keyBytes.right)
  tui.type(' three\r')
  await tui.waitFor(/^one two three\n✓/m)
  tui.type('echo')
  await waitForWritten(tui, '❯ echo one two three')
  tui.press('enter')
  await tui.waitFor(/❯ echo\n\n✓/)
})

test('without colours there is no suggestion', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {NO_COLOR: '1'}})
  await tui.submit('echo one')
  await tui.waitFor(/^one\n✓/m)
  tui.type('ech')
  tui.type(keyBytes.right)
  tui.type('o 2\r')
  await tui.waitFor(/❯ echo 2\n2\n✓/)
})

test('Alt-. inserts the last word of the previous command, and again, that of the one before', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  for (const text of [`printf '%s\\n' "a  b"`, 'echo x > out.txt']) {
    await tui.submit(text)
    await tui.waitFor(() => tui.scrollback().includes(`❯ ${text}\n`) && tui.screen().includes('· idle'))
  }
  tui.type('cat ')
  tui.type(alt('.'))
  await waitForWritten(tui, '❯ cat out.txt')
  tui.press('enter')
  await tui.waitFor(/^x\n✓/m)
  tui.type('echo ')
  tui.type(alt('.'))
  tui.type(alt('.'))
  tui.type(alt('.'))
  tui.press('enter')
  await tui.waitFor(/^a {2}b\n✓/m)
})

test('a line that begins with a blank runs, and is not in the history', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  for (const text of ['echo shown', ' echo kept out']) {
    tui.type(text)
    tui.press('enter')
    await tui.waitFor(new RegExp(`^${text.trim().slice(5)}\\n✓`, 'm'))
  }
  tui.press('up')
  await waitForWritten(tui, '❯ echo shown')
  tui.type(ctrl('u'))
  tui.type(ctrl('r'))
  tui.type('echo')
  await tui.waitFor(/^history: echo▏\n {2}echo shown .*\n {2}Enter takes it/m)
  await leaveSearch(tui)
})

test.each(['bash', 'zsh', 'fish'] as const)(
  'Enter shows what !! stands for, before it runs; in fish, it is !!: %s',
  async (name) => {
    await using home = createHome()
    await using tui = await openTui(home, ['--shell', need(name)])
    await tui.waitFor('· idle')
    await tui.submit('echo one two')
    await tui.waitFor(/one two\n✓/)
    await tui.submitLast('echo again !!')
    if (name !== 'fish') {
      await waitForWritten(tui, '❯ echo again echo one two')
      expect(tui.scrollback()).not.toMatch(/^again/m)
      tui.press('enter')
    }
    await tui.waitFor(name === 'fish' ? /again !!\n✓/ : /again echo one two\n✓/)
    await tui.submit("echo 'wow!!'")
    await tui.waitFor(/wow!!\n✓/)
  },
)
