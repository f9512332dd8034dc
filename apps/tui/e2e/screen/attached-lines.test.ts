import {writeFileSync} from 'node:fs'

import {toPlainOutput} from '@holdfast/terminal'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {attach, detach, nested, openNested} from '../support/attaching.ts'
import {createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

/** The end of the nested shell, perhaps with messages about killed gateways. */
const ended = /^exit\n(?:The .*\n.*\n)*[✓✗]/m

/** Ends the nested shell, attached. */
async function leave(tui: Tui): Promise<void> {
  tui.type('exit\r')
  await tui.waitFor('· idle')
  await tui.waitFor(ended)
}

/** The output as the log has it, and as a screen shows that opens the session again. */
async function reopened(home: Home): Promise<[log: string[], screen: string[]]> {
  const [{id}] = await sessionsOf(home)
  const {stdout} = await home.holdfast(['show', id])
  const lines = toPlainOutput(stdout).split('\n')
  const begin = lines.findIndex((line) => line.includes('--norc'))
  const length = lines.slice(begin).findIndex((line) => /^[✓✗■](?: |$)/.test(line))
  await using again = await openTui(home, ['--resume', id])
  await again.waitFor(ended)
  return [lines.slice(begin + 1, begin + length).map((line) => line.trimEnd()), again.outputOf(nested)]
}

test('attaching and detaching leaves all lines in their places, and the program prints on below them', async () => {
  await using home = createHome()
  await using tui = await openNested(home)
  await attach(tui)
  tui.type('(until [ -e go ]; do sleep 0.1; done; echo la""ter) & echo one\r')
  await tui.waitFor(/^one\nin>/m)
  tui.type('half')
  await tui.waitFor(/^in> half$/m)
  await detach(tui)
  expect(tui.screen()).toMatch(/^one\n(?:[^]*» )?in> half$/m)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^in> halflater\n[^]* · /m)
  await attach(tui)
  tui.type('\r')
  await tui.waitFor(/half: command not found\n[^]*Done[^]*\nin>/)
  await leave(tui)
  const [first = '', job = '', ...rest] = tui.outputOf(nested)
  expect(first).toMatch(/^in> \(until/)
  expect(job).toMatch(/^\[1\] \d+$/)
  expect(rest.slice(0, 4)).toEqual(['one', 'in> halflater', '', 'bash: half: command not found'])
  expect(rest.slice(-3)).toEqual(['done; echo la""ter )', 'in> exit', 'exit'])
  const [log, screen] = await reopened(home)
  expect(log).toEqual(tui.outputOf(nested))
  expect(screen).toEqual(log)
})

test('a resize while attached keeps all lines once', async () => {
  await using home = createHome()
  await using tui = await openNested(home)
  await attach(tui)
  tui.type('seq 100 130\r')
  await tui.waitFor(/^130\nin>/m)
  tui.resize(120, 40)
  tui.type('until [ "$(stty size)" = "40 120" ]; do sleep 0.1; done; seq 200 230\r')
  await tui.waitFor(/^230\nin>/m)
  tui.resize(60, 20)
  tui.type('until [ "$(stty size)" = "20 60" ]; do sleep 0.1; done; seq 300 330\r')
  await tui.waitFor(/^330\nin>/m)
  await leave(tui)
  const numbers = tui.outputOf(nested).filter((line) => /^\d+$/.test(line))
  const all = [100, 200, 300].flatMap((from) => Array.from({length: 31}, (_, at) => String(from + at)))
  expect(numbers).toEqual(all)
  expect(tui.outputOf('echo be""fore')).toEqual(['before'])
  for (const lines of await reopened(home)) expect(lines.filter((line) => /^\d+$/.test(line))).toEqual(all)
})

test('a killed screen: the one that opens the session again shows what was printed while the first was attached', async () => {
  await using home = createHome()
  {
    await using tui = await openNested(home)
    await attach(tui)
    tui.type('seq 100 103\r')
    await tui.waitFor(/^103\nin>/m)
    tui.kill('SIGKILL')
    await tui.exited
  }
  const [{id}] = await sessionsOf(home)
  await using again = await openTui(home, ['--resume', id])
  await again.waitFor(/^in> seq 100 103\n100\n101\n102\n103\n[^]*in>/m)
  await attach(again)
  await leave(again)
  expect(again.outputOf(nested)).toEqual(['in> seq 100 103', '100', '101', '102', '103', 'in> exit', 'exit'])
})

test('nothing stale stands behind what a menu prints after a detach', async () => {
  need('fzf')
  await using home = createHome()
  for (const file of ['apple', 'banana', 'cherry']) writeFileSync(`${home.project}/${file}`, '')
  await using tui = await openNested(home)
  await attach(tui)
  tui.type('ls | fzf --height=6\r')
  await tui.waitFor('3/3')
  await detach(tui)
  await attach(tui)
  tui.type('ban')
  await tui.waitFor('1/3')
  await detach(tui)
  await attach(tui)
  tui.type('\r')
  await tui.waitFor(/^banana\nin>/m)
  await leave(tui)
  const lines = ['in> ls | fzf --height=6', 'banana', 'in> exit', 'exit']
  expect(tui.outputOf(nested)).toEqual(lines)
  const [, screen] = await reopened(home)
  expect(screen).toEqual(lines)
})

test('another client sees the lines of the normal screen live, and nothing of a full-screen program', async () => {
  need('vim')
  await using home = createHome()
  await using tui = await openNested(home)
  const [{id}] = await sessionsOf(home)
  await using watcher = await openTui(home, ['--resume', id])
  await attach(tui)
  await watcher.waitFor('· attached elsewhere')
  tui.type('echo li""ve\r')
  await watcher.waitFor(/^live\n(?:[^]*» )?in>/m)
  writeFileSync(`${home.project}/file`, 'in the editor\n')
  tui.type('vim -u NONE file\r')
  await tui.waitFor(/^in the editor/m)
  await watcher.waitFor('needs the whole terminal')
  tui.type(':q\r')
  await tui.waitFor(/vim.*\nin>/)
  await watcher.waitFor(/vim.*\n(?:[^]*» )?in>/)
  expect(watcher.scrollback()).not.toContain('in the editor')
  await leave(tui)
  await watcher.waitFor('· idle')
  expect(watcher.outputOf(nested)).toEqual(tui.outputOf(nested))
})

test('a flood while attached: the screen continues below its end', async () => {
  await using home = createHome()
  await using tui = await openNested(home)
  await attach(tui)
  tui.type('seq 200000\r')
  await tui.waitFor(/^200000\nin>/m)
  await leave(tui)
  const numbers = tui.scrollback().match(/^\d+$/gm)?.map(Number) ?? []
  expect(numbers.at(-1)).toBe(200_000)
  expect(numbers).toEqual(Array.from(numbers, (_, at) => numbers[0]! + at))
  await tui.submit('echo af""ter')
  await tui.waitFor(/^in> exit\nexit\n✓.*\n\n❯ echo af""ter\nafter\n✓/m)
})

test('lines that are printed right before a full-screen program stay above what is printed after it', async () => {
  need('vim')
  await using home = createHome()
  await using tui = await openTui(home)
  const vim = `vim -u NONE -c 'sleep 300m' -c q`
  const cases = [
    {prompt: `echo pr""e; ${vim}; echo post`, lines: ['pre', 'post']},
    {prompt: `seq 3; printf 'b1\\nb2\\n\\n'; ${vim}; echo post`, lines: ['1', '2', '3', 'b1', 'b2', '', 'post']},
    {prompt: `printf 'b\\n'; tput smcup; sleep 0.5; tput rmcup; echo c`, lines: ['b', 'c']},
    {prompt: `printf 'half '; tput smcup; sleep 0.5; tput rmcup; echo whole`, lines: ['half whole']},
  ]
  for (const [at, {prompt}] of cases.entries()) {
    await tui.submitLast(prompt)
    await tui.waitFor(() => tui.scrollback().match(/^✓/gm)?.length === at + 1)
    await tui.waitFor('· idle')
  }
  const ofScreen = cases.map(({prompt}) => tui.outputOf(prompt))
  expect(ofScreen).toEqual(cases.map(({lines}) => lines))
  const [{id}] = await sessionsOf(home)
  await using again = await openTui(home, ['--resume', id])
  await again.waitFor(/^half whole\n✓/m)
  expect(cases.map(({prompt}) => again.outputOf(prompt))).toEqual(ofScreen)
})
