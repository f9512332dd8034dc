import {mkdirSync, writeFileSync} from 'node:fs'

import {expect} from 'vitest'

import type {Home} from './home.ts'
import {openTui, type Tui} from './tui.ts'

/** A shell in the session's shell: its lines are on the normal screen. */
export const nested = `PS1='in''> ' bash --norc --noprofile -i`

/** The status line, which is gone while the program has the terminal. */
export const status = /· (?:\S )?(?:running|waiting for you|idle)/

export async function attach(tui: Tui): Promise<void> {
  await tui.waitFor(/· (?:\S )?(?:running|waiting for you)/)
  tui.press('ctrl-o')
  await attached(tui)
}

/** The program has the terminal: the screen hides the cursor. */
export async function attached(tui: Tui): Promise<void> {
  await tui.waitFor(() => !status.test(tui.screen()) && !tui.modes().changed.includes('?25l'))
}

export async function detach(tui: Tui): Promise<void> {
  tui.press('detach')
  await tui.waitFor(() => status.test(tui.screen()) && tui.modes().changed.includes('?25l'))
}

/** Opens the screen on a nested shell, to which the test attaches by the key. */
export async function openNested(home: Home): Promise<Tui> {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, '{"attach": "key"}')
  const tui = await openTui(home)
  await tui.submit('echo be""fore')
  await tui.waitFor(/^✓/m)
  await tui.submit(nested)
  await tui.waitFor(/^(?:» )?in>/m)
  return tui
}

/** The screen has the terminal again, in its own modes: it asks for the focus once its first frame is drawn. */
export async function expectScreenBack(tui: Tui): Promise<void> {
  await tui.waitFor(() => tui.screen().includes('· idle') && tui.modes().changed.includes('?1004h'))
  expect(tui.modes().changed).toEqual(['?1004h', '?2004h', '?25l'])
}
