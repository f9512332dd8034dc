import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

test('after Ctrl-T, a line goes to the program, and not into history, queue or draft', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('read -s x; echo "got <$x>"')
  await tui.waitFor('Ctrl-T answers it · Ctrl-O gives it the terminal')
  tui.type('half a prompt')
  await tui.waitFor('Enter makes it the next prompt · Ctrl-T answers the program')
  tui.type(ctrl('t'))
  await tui.waitFor('Not shown · Enter sends it · Esc back')
  await waitForWritten(tui, '»')
  tui.type('hunter2\r')
  await tui.waitFor(/^got <hunter2>\n✓/m)
  // The end of the run ends the mode; the draft is there again.
  await waitForWritten(tui, '❯ half a prompt')
  tui.type(ctrl('u'))
  tui.press('up')
  await waitForWritten(tui, '❯ read -s x; echo "got <$x>"')
  const [{id}] = await sessionsOf(home)
  const {stdout} = await home.holdfast(['show', id, '--json'])
  const shown = stdout.split('\n').filter((line) => line.includes('hunter2'))
  // Only the output of the program.
  expect(shown).toEqual([expect.stringContaining('got <hunter2>')])
})

test('python3 is answered line by line, Ctrl-D ends its input, Esc goes back to prompts', async () => {
  need('python3')
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('python3 -i -q')
  await tui.waitFor('>>>')
  tui.type(ctrl('t'))
  await waitForWritten(tui, '»')
  tui.type('print(6 * 7)\r')
  await tui.waitFor(/^42$/m)
  tui.press('escape')
  await waitForWritten(tui, '❯')
  await tui.submit('echo waits')
  await tui.waitFor('· 1 queued')
  tui.type(ctrl('t'))
  await waitForWritten(tui, '»')
  tui.press('ctrl-d')
  await tui.waitFor(/^waits\n✓/m)
  await waitForWritten(tui, '❯')
})

test('cat prints each line, until Ctrl-D', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('cat > lines; wc -l < lines')
  await tui.waitFor('· running')
  tui.type(ctrl('t'))
  await waitForWritten(tui, '»')
  for (const line of ['one', 'two']) {
    tui.type(line)
    await waitForWritten(tui, `» ${line}`)
    tui.press('enter')
    await waitForWritten(tui, '»')
  }
  // A paste of two lines is two lines.
  tui.type('\u001b[200~three\rfour\u001b[201~\r')
  await waitForWritten(tui, '»')
  tui.press('ctrl-d')
  await tui.waitFor(/^4\n✓/m)
})

test('Ctrl-T reports that no program runs; Ctrl-C while typing input interrupts the program', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type(ctrl('t'))
  await tui.waitFor('No program runs that could read input')
  await tui.submit('sleep 60')
  await tui.waitFor('· running')
  tui.type(ctrl('t'))
  await waitForWritten(tui, '»')
  tui.press('ctrl-c')
  await tui.waitFor(/^■ interrupted/m)
  await waitForWritten(tui, '❯')
})
