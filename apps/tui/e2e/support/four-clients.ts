import {writeFileSync} from 'node:fs'

import {expect} from 'vitest'

import type {Home} from './home.ts'
import {sessionsOf} from './sessions-of.ts'
import {linesOf, openTui, shows} from './tui.ts'
import {until} from './until.ts'

/** `run`, `show --follow`, `talk` and the screen, each of which shows lines of a command that runs until `finish`. */
export interface FourClients extends AsyncDisposable {
  readonly pids: readonly number[]
  /** Resolves when the commands have printed this many lines, whoever has read them. */
  havePrinted(count: number): Promise<void>
  /** Resolves when `run`, `show` and `talk` have said this many times that they are connected again. */
  areRestored(times: number): Promise<void>
  /** Ends the commands, and checks that each client has shown every line once and in order, and that each command has run once. */
  finish(): Promise<void>
}

const command = (file: string) => `print-lines ${file} 100 0.03 go`
const files = ['run.txt', 'talk.txt', 'tui.txt']
/** A client tries again after at most 30 s, and its server may be slow to notice, ms. */
const timeoutMs = 90_000

/** Resolves when all four show lines. */
export async function openFourClients(there: Home, here: Home, at: string[]): Promise<FourClients> {
  const run = here.startHoldfast(['run', ...at, '--', `cd ${there.project}; ${command('run.txt')}`])
  await until(() => run.stdout.includes('line 5\n'), {what: 'lines of run', timeoutMs})
  const [{id}] = await sessionsOf(there)
  const show = here.startHoldfast(['show', ...at, '--follow', id])
  const talk = here.startHoldfast(['talk', ...at], {stdin: `cd ${there.project}\n${command('talk.txt')}\n`})
  const tui = await openTui(here, at)
  await tui.submit(`cd ${there.project}`)
  await tui.waitFor(/^✓/m, {timeoutMs})
  await tui.submit(command('tui.txt'))
  await tui.waitFor(shows(tui, 'line 5'), {timeoutMs})
  const others = {run, show, talk}
  const all = Object.values(others)
  await until(() => all.every(({stdout}) => stdout.includes('line 5\n')), {what: 'lines of show and talk', timeoutMs})
  return {
    pids: [...all.map(({child}) => child.pid!), tui.pid],
    async havePrinted(count) {
      await until(() => files.every((file) => linesOf(there, file).length > count), {what: `${count} lines`, timeoutMs})
    },
    async areRestored(times) {
      const areAll = () => all.every(({stderr}) => (stderr.match(/\brestored\b/g) ?? []).length === times)
      await until(areAll, {what: 'the connections', timeoutMs})
    },
    async finish() {
      writeFileSync(`${there.project}/go`, '')
      for (const [name, {ended}] of Object.entries(others)) {
        const {stdout, exitCode} = await ended
        const printed = stdout.split('\n').filter((line) => /^(?:pid|line) /.test(line))
        expect(printed, name).toEqual(linesOf(there, name === 'talk' ? 'talk.txt' : 'run.txt'))
        expect(exitCode, name).toBe(0)
      }
      await tui.waitFor(() => (tui.scrollback().match(/^✓/gm)?.length ?? 0) === 2, {timeoutMs})
      expect(tui.outputOf(command('tui.txt'))).toEqual(linesOf(there, 'tui.txt'))
      for (const file of files) expect(linesOf(there, file), file).toHaveLength(101)
    },
    async [Symbol.asyncDispose]() {
      for (const {child} of all) child.kill('SIGKILL')
      await Promise.all(all.map(({ended}) => ended))
      await tui[Symbol.asyncDispose]()
    },
  }
}
