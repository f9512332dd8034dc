import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'

import {cli, createHome, type Home} from '../../apps/tui/e2e/support/home.ts'
import {openTerminal, type Terminal} from '../../apps/tui/e2e/support/terminal.ts'
import {until} from '../../apps/tui/e2e/support/until.ts'
import type {Shot} from './draw-svg.ts'
import {readCells} from './read-cells.ts'
import {steadyRow, type Steady} from './steady.ts'

/** The terminal of all pictures. */
export const size = {cols: 90, rows: 20} as const

/** A person in a project of theirs, at a terminal. */
export interface Stage extends AsyncDisposable {
  readonly home: Home
  /** The project: `~/src/shop`, on the branch `main`. */
  readonly project: string
  /** Makes a program of the project: a shell script. */
  addProgram(name: string, script: string): void
  /** Lets a program of the project go on that waits for a file of this name. */
  release(name: string): void
  /** Opens the built app; resolves when the session is live. */
  open(args?: readonly string[], options?: OpenOptions): Promise<Actor>
}

export interface OpenOptions {
  /** @default those of all pictures */
  rows?: number
  /** What the screen shows when it is. @default '· idle' */
  isReady?: string | RegExp
}

export interface Actor extends Terminal {
  submit(prompt: string): Promise<void>
  /** What is on the screen once it is at rest, with what differs from time to time as it is every time. */
  shoot(options?: {caption?: string; steady?: Steady}): Promise<Shot>
  /** The same, at the very moment when a text comes to the screen, however short it stays. */
  shootAt(what: string | RegExp, options?: {caption?: string; steady?: Steady}): Promise<Shot>
}

export function createStage(): Stage {
  const home = createHome()
  const project = `${home.user}/src/shop`
  mkdirSync(project, {recursive: true})
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], {cwd: project})

  return {
    home,
    project,
    addProgram(name, script) {
      writeFileSync(`${project}/${name}`, `#!/bin/sh\n${script}\n`)
      chmodSync(`${project}/${name}`, 0o755)
    },
    release: (name) => writeFileSync(`${project}/${name}`, ''),
    async open(args = [], {rows = size.rows, isReady = '· idle'} = {}) {
      const command = process.execPath
      const terminal = await openTerminal({
        command,
        args: [cli, ...args],
        env: home.env,
        cwd: project,
        cols: size.cols,
        rows,
      })
      await terminal.waitFor(isReady)
      const look = ({caption, steady = []}: {caption?: string; steady?: Steady} = {}): Shot => ({
        ...(caption !== undefined && {caption}),
        rows: readCells(terminal.buffer, rows).map((row) => steadyRow(row, [...moments, ...steady])),
      })
      return Object.assign(terminal, {
        async submit(prompt: string) {
          terminal.type(prompt)
          await terminal.waitFor(prompt)
          terminal.press('enter')
        },
        async shoot(options: {caption?: string; steady?: Steady} = {}) {
          let [seen, since] = [textOf(look(options)), performance.now()]
          return await until(
            () => {
              const shot = look(options)
              if (textOf(shot) !== seen) [seen, since] = [textOf(shot), performance.now()]
              return performance.now() - since > restMs && shot
            },
            {what: 'a screen at rest'},
          )
        },
        async shootAt(what: string | RegExp, options: {caption?: string; steady?: Steady} = {}) {
          let shot: Shot | undefined
          await terminal.waitFor(() => {
            const screen = terminal.screen()
            if (typeof what === 'string' ? screen.includes(what) : what.test(screen)) shot ??= look(options)
            return shot !== undefined
          })
          return shot!
        },
      })
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}

/** A screen that has not changed for so long, ms, is at rest. */
const restMs = 200

/** How long things take is another time otherwise. A scene that shows a longer one says so itself. */
const moments: Steady = [
  [/running \d+ s/, 'running 2 s'],
  [/waiting for you \d+ s/, 'waiting for you 2 s'],
  [/· \d\.\d s/, '· 0.1 s'],
  [/✓ \d\.\d s/, '✓ 0.1 s'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '⠹'],
]

function textOf({rows}: Shot): string {
  return rows.map((row) => row.map(({text}) => text).join('')).join('\n')
}
