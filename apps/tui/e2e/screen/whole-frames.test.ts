import xterm from '@xterm/headless'
import {expect, test} from 'vitest'

import {status} from '../support/attaching.ts'
import {createHome} from '../support/home.ts'
import {screenOf} from '../support/terminal.ts'
import {openTui, type Tui} from '../support/tui.ts'

test('a terminal that shows a synchronized update at once never shows a part of a frame', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  // A part of it is written above the live region while it runs, and its last rows are drawn again until they are finished.
  await tui.submit('print-lines out.txt 60 0.01')
  await tui.waitFor(/^✓/m)
  await tui.submit('printf "10%%\\r"; sleep 0.1; clear; seq 300')
  await tui.waitFor(/^300\n✓/m)
  await tui.waitFor('· idle')
  expect(await partOfFrame(tui)).toBeUndefined()
})

/** The first screen without a status line after the first frame, on a terminal that gets one byte after the other. */
async function partOfFrame({bytes}: Tui): Promise<string | undefined> {
  const emulator = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true})
  const screens: string[] = []
  for (const byte of bytes) {
    emulator.write(Uint8Array.of(byte), () => {
      if (!emulator.modes.synchronizedOutputMode) screens.push(screenOf(emulator))
    })
  }
  await new Promise<void>((drawn) => emulator.write('', drawn))
  emulator.dispose()
  const hasStatus = (screen: string) => status.test(screen)
  return screens.slice(screens.findIndex(hasStatus)).find((screen) => !hasStatus(screen))
}
