import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {cli, createHome, type Home} from '../../apps/tui/e2e/support/home.ts'
import {openTerminal, type Terminal} from '../../apps/tui/e2e/support/terminal.ts'
import {until} from '../../apps/tui/e2e/support/until.ts'
import type {Screenshot} from './screenshot.ts'
import {normalizeRow, textOf, type Replacements} from './normalize.ts'
import {readCells} from './read-cells.ts'

/** The terminal of all pictures. */
export const size = {cols: 90, rows: 20} as const

/** A home folder with a project in it, and the app in a terminal. */
export interface Demo extends AsyncDisposable {
  readonly home: Home
  /** `~/src/shop`, a git repository on the branch `main`. */
  readonly project: string
  /** Adds a shell script to the project. */
  addProgram(name: string, script: string): void
  /** Creates an empty file in the project, for which a script may wait. */
  touch(name: string): void
  /** Opens the built app in a terminal; resolves when the session is live. */
  open(args?: readonly string[], options?: OpenOptions): Promise<DemoTerminal>
}

export interface OpenOptions {
  /** @default 20 */
  rows?: number
  /** What the screen shows when the session is live. @default '· idle' */
  isReady?: string | RegExp
  /** @default 90 */
  cols?: number
  /** Merged into the environment. */
  env?: Readonly<Record<string, string>>
}

export interface ScreenshotOptions {
  caption?: string
  /** Besides those for durations and spinners. @default none */
  replacements?: Replacements
}

export interface DemoTerminal extends Terminal {
  submit(prompt: string): Promise<void>
  /** Waits until the screen has not changed for 200 ms. */
  screenshot(options?: ScreenshotOptions): Promise<Screenshot>
  /** Takes the screenshot as soon as the screen shows a text, however short it stays. */
  screenshotWhen(text: string, options?: ScreenshotOptions): Promise<Screenshot>
}

const restMs = 200

const durations: Replacements = [
  [/running \d+ s/, 'running 2 s'],
  [/(?<=· )(?:[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] )?running/, '⠹ running'],
  [/(?<= {2})\d\d:\d\d(?= *$)/, '14:02'],
  [/waiting for you \d+ s/, 'waiting for you 2 s'],
  [/· \d\.\d s/, '· 0.1 s'],
  [/(?<=✓ )\d\.\d s/, '0.1 s'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '⠹'],
]

export function createDemo(): Demo {
  const home = createHome()
  const project = `${home.user}/src/shop`
  mkdirSync(project, {recursive: true})
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  // Its colours are drawn in those of the light theme for readers who prefer that.
  const coder = {command: process.execPath, args: [fileURLToPath(new URL('demo-agent.ts', import.meta.url))]}
  const settings = {theme: 'dark', agents: {coder}}
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], {cwd: project})

  return {
    home,
    project,
    addProgram: (name, script) => writeFileSync(`${project}/${name}`, `#!/bin/sh\n${script}\n`, {mode: 0o755}),
    touch: (name) => writeFileSync(`${project}/${name}`, ''),
    async open(args = [], {rows = size.rows, isReady = '· idle', cols = size.cols, env = {}} = {}) {
      const program = {
        command: process.execPath,
        args: [cli, ...args],
        env: {...home.env, COLORTERM: 'truecolor', ...env},
        cwd: project,
      }
      const terminal = await openTerminal({...program, cols, rows})
      await terminal.waitFor(isReady)
      const take = ({caption, replacements = []}: ScreenshotOptions = {}): Screenshot => ({
        ...(caption !== undefined && {caption}),
        rows: readCells(terminal.buffer, rows).map((row) => normalizeRow(row, [...durations, ...replacements])),
      })
      return Object.assign(terminal, {
        async submit(prompt: string) {
          terminal.type(prompt)
          await terminal.waitFor(prompt)
          terminal.press('enter')
        },
        screenshot(options: ScreenshotOptions = {}) {
          let [seen, since] = ['', performance.now()]
          const atRest = () => {
            const screenshot = take(options)
            const text = screenshot.rows.map(textOf).join('\n')
            if (text !== seen) [seen, since] = [text, performance.now()]
            return performance.now() - since > restMs && screenshot
          }
          return until(atRest, {what: 'a screen at rest'})
        },
        async screenshotWhen(text: string, options: ScreenshotOptions = {}) {
          let screenshot: Screenshot | undefined
          await terminal.waitFor(() => {
            if (terminal.screen().includes(text)) screenshot ??= take(options)
            return screenshot !== undefined
          })
          return screenshot!
        },
      })
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}
