import {writeFileSync} from 'node:fs'

import type {NeedName} from '../../../../tooling/vitest/needs.ts'
import {gitEnvironment} from './git-project.ts'
import {createHome, type Home} from './home.ts'
import {openTerminal, type Terminal} from './terminal.ts'
import type {Tui} from './tui.ts'

/** A program that gets the terminal, and how a user uses it. */
export interface ProgramCase {
  name: string
  needs: readonly NeedName[]
  /** @default all */
  shells?: readonly string[]
  /** It reads lines: it gets the whole terminal by a key only. */
  isByKey?: boolean
  command: string
  prepare?: (home: Home) => void
  /** When the program has the keyboard. */
  ready: RegExp | string
  /** Types for the program until it ends. */
  use: (terminal: Terminal) => Promise<void>
  /** A line that must be in the output. */
  says: string
}

/** Types, then waits until the screen shows what follows. */
export async function reply(terminal: Terminal, keys: string, then: RegExp | string): Promise<void> {
  terminal.type(keys)
  await terminal.waitFor(then)
}

export function createFruits({project}: Home): void {
  for (const file of ['apple', 'banana', 'cherry']) writeFileSync(`${project}/${file}`, '')
}

/** The lines that a bare terminal shows. */
export async function bareLines(
  {prepare, command, ready, use}: ProgramCase,
  shell: string,
  size: Size,
): Promise<string[]> {
  await using home = createHome()
  prepare?.(home)
  await using terminal = await openTerminal({
    command: shell,
    args: ['-c', command],
    env: {...home.env, ...gitEnvironment},
    cwd: home.project,
    ...size,
  })
  await terminal.waitFor(ready)
  await use(terminal)
  await terminal.exited
  return plain(terminal.scrollback().split('\n'), home)
}

export interface Size {
  cols: number
  rows: number
}

/** Without the name of the home, which differs, and blank lines at the end. */
export function plain(lines: readonly string[], home: Home): string[] {
  return lines
    .map((line) => line.replaceAll(home.project, 'PROJECT').trimEnd())
    .join('\n')
    .trimEnd()
    .split('\n')
}

/** Waits until the program has the terminal, in which the screen hides the cursor. */
export async function attached(tui: Tui, {ready, isByKey}: Pick<ProgramCase, 'ready' | 'isByKey'>): Promise<void> {
  if (isByKey === true) {
    await tui.waitFor('· waiting for you')
    tui.press('ctrl-o')
  }
  const isReady = () => (typeof ready === 'string' ? tui.screen().includes(ready) : ready.test(tui.screen()))
  // A program may hide the cursor itself, in the same moment.
  await tui.waitFor(
    () =>
      !/· (?:\S )?(?:running|waiting|idle)/.test(tui.screen()) && (!tui.modes().changed.includes('?25l') || isReady()),
  )
  await tui.waitFor(ready)
}

export const inShells = [
  {shell: 'bash', size: {cols: 80, rows: 24}},
  {shell: 'zsh', size: {cols: 120, rows: 40}},
  {shell: 'fish', size: {cols: 80, rows: 24}},
] as const
