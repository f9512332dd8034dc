import {writeFileSync} from 'node:fs'

import {need} from '../../../../tooling/vitest/need.ts'
import type {Home} from './home.ts'
import {openTui, type Tui} from './tui.ts'

/** A full-screen program that shows its input and the size of its terminal. */
const curses = `
import curses
def main(screen):
    curses.mousemask(curses.ALL_MOUSE_EVENTS)
    typed = ''
    while True:
        rows, cols = screen.getmaxyx()
        screen.erase()
        screen.addstr(0, 0, f'size {cols}x{rows}')
        screen.addstr(1, 0, f'typed [{typed}]')
        screen.refresh()
        key = screen.getch()
        if key == ord('q'): break
        if 32 <= key < 127: typed += chr(key)
curses.wrapper(main)
`

/** Writes it to `screen.py` of the project. */
export function writeCurses(home: Home): void {
  need('python3')
  writeFileSync(`${home.project}/screen.py`, curses)
}

/** Opens the screen with a full-screen program that says what is typed, and has the terminal. */
export async function openCurses(home: Home): Promise<Tui> {
  writeCurses(home)
  const tui = await openTui(home)
  await tui.submitLast('python3 screen.py')
  await tui.waitFor('typed []')
  return tui
}
