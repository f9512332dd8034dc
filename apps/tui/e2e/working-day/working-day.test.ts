import {existsSync, readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome, type Home} from '../support/home.ts'
import {serveSsh} from '../support/local-ssh.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openBareShell, type Size} from './bare-shell.ts'
import {openHoldfast} from './holdfast-screen.ts'
import {findRun} from './find-run.ts'
import {doStep, plain} from './place.ts'
import {historyFiles, prepareDay} from './prepare-day.ts'
import {hashOf} from './prepare-sudo.ts'
import {forShell, type Shell, type Step} from './step.ts'
import {password, steps} from './steps.ts'

/** What is left of a day: the output of each step, and the shell's history. */
interface Left {
  outputs: string[][]
  history: string
}

/** Without times, and without paths, which fish looks for while the command runs, and with a paste as lines: Holdfast gives them to zsh one by one. */
function historyOf(home: Home, shell: Shell): string {
  const file = `${home.user}/${historyFiles[shell]}`
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return text
    .replaceAll(home.project, 'PROJECT')
    .replaceAll(/^ {2}paths:\n(?: {4}- .*\n)+/gm, '')
    .replaceAll(/^ {2}when: \d+$/gm, '')
    .replaceAll(/(pasted \d+)\\$/gm, '$1')
}

function compared({varies, tells}: Step, output: readonly string[] | undefined, home: Home): string[] {
  return tells ? [] : plain(output ?? ['There is none.'], home, varies)
}

async function spendBare(shell: Shell, size: Size, hash: string): Promise<Left> {
  await using home = createHome()
  await using ssh = await serveSsh(home.project, need('sshd'))
  prepareDay(home, shell, {isBare: true, port: ssh.port, hash})
  await using bare = await openBareShell(home, shell, size)
  for (const step of steps) await doStep(bare, step, forShell(step.command, shell))
  const outputs = await bare.leave()
  return {
    outputs: steps.map((step, at) => compared(step, outputs[at], home)),
    history: historyOf(home, shell),
  }
}

const hostDied = '■ interrupted: the host process died'

function hasLostItsHost({acts = []}: Step): boolean {
  return acts.some((act) => 'kill' in act && act.kill === 'host')
}

/** How often the host is killed. */
const deadHosts = steps.filter((step) => step.killedBefore === 'host' || hasLostItsHost(step)).length

const days = (['bash', 'zsh', 'fish'] as const).flatMap((shell) =>
  [
    {cols: 80, rows: 24},
    {cols: 120, rows: 40},
  ].flatMap((size) => [false, true].map((isKilled) => ({shell, size, isKilled}))),
)

test.for(days)('a working day in $shell at $size, with kills: $isKilled', async ({shell, size, isKilled}) => {
  need('sudo')
  // To be ann, and to have accounts of her own.
  need('second user')
  need('small disk')
  const hash = hashOf(need('openssl'), password)
  const bare = await spendBare(shell, size, hash)
  await using home = createHome()
  await using ssh = await serveSsh(home.project, need('sshd'))
  prepareDay(home, shell, {isBare: false, port: ssh.port, hash})
  await using screen = await openHoldfast(home, shell, size, {isKilled})
  const texts = steps.map(({command}) => forShell(command, shell))
  for (const [at, step] of steps.entries()) {
    await doStep(screen, step, texts[at]!)
    const {output, end} = screen.runOf(texts[at]!)
    const lines = compared(step, output, home)
    expect(lines, texts[at]).toEqual(bare.outputs[at])
    if (step.says !== undefined) expect(lines).toEqual(expect.arrayContaining([forShell(step.says, shell)]))
    if (isKilled) expect(end === hostDied, end).toBe(hasLostItsHost(step))
  }

  const [{id}] = await sessionsOf(home)
  const {stdout: log} = await home.holdfast(['show', id])
  for (const [at, step] of steps.entries()) {
    const run = findRun(log, texts[at]!)
    expect(compared(step, run?.output, home), texts[at]).toEqual(bare.outputs[at])
    if (isKilled) expect(run?.end === hostDied, run?.end).toBe(hasLostItsHost(step))
  }
  if (isKilled) expect(log.split('The shell ended with its host.')).toHaveLength(1 + deadHosts)
  for (const {tells} of steps) if (tells) expect(log).toContain(tells[shell])
  const said = steps.flatMap(({says, varies}) => (says === undefined || varies ? [] : [forShell(says, shell).trim()]))
  const found = await Promise.all(said.map((line) => home.holdfast(['search', line])))
  for (const [at, {stdout}] of found.entries()) expect(stdout).toContain(said[at])
  expect((await home.holdfast(['search', password])).stdout).toBe('')
  expect(filesWith(home, password)).toEqual([])

  // The shell writes its history when it ends.
  await screen.enter('exit')
  await expect.poll(() => historyOf(home, shell)).toEqual(bare.history)
  expect(filesWith(home, password)).toEqual([])
})
