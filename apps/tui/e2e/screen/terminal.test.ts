import {expect, test} from 'vitest'

import {findProcess, waitForExit} from '../support/processes.ts'
import {openTerminal} from '../support/terminal.ts'
import {until} from '../support/until.ts'

const surroundings = {env: {PATH: '/usr/bin:/bin', TERM: 'xterm-256color'}, cwd: '/tmp'}
const sh = (script: string) => openTerminal({command: '/bin/sh', args: ['-c', script], ...surroundings})

test('shows the screen, joins wrapped lines, keeps the scrollback', async () => {
  await using terminal = await sh('seq 1 30; printf "%0100d\\n" 7; read answer; echo "you said $answer"')
  await terminal.waitFor('0007')
  terminal.type('hello')
  terminal.press('enter')
  await terminal.waitFor(/^you said hello$/m)
  expect(await terminal.exited).toBe(0)
  expect(terminal.screen()).not.toContain('\n9\n')
  expect(terminal.scrollback()).toContain('\n9\n10\n')
  expect(terminal.scrollback()).toContain(`\n${'7'.padStart(100, '0')}\n`)
})

test('waits for whole frames: none of what a synchronized update has drawn so far is seen', async () => {
  await using terminal = await sh(
    String.raw`printf '\033[?2026hhalf'; read go; printf '\033[H\033[2Jwhole\033[?2026l'; read end`,
  )
  await until(() => terminal.bytes.includes('half'), {what: 'the begin of the frame'})
  const seen: string[] = []
  const isWhole = terminal.waitFor(() => {
    seen.push(terminal.screen())
    return seen.at(-1)?.includes('whole') === true
  })
  terminal.press('enter')
  await isWhole
  expect(seen.join('|')).not.toContain('half')
})

test('nothing is drawn between what a wait has seen and what the test reads then', async () => {
  await using terminal = await sh('read go; seq 100000; read end')
  terminal.press('enter')
  for (let look = 0; look < 10; look++) {
    const before = terminal.screen()
    let seen = ''
    await terminal.waitFor(() => (seen = terminal.screen()) !== before)
    expect(terminal.screen()).toBe(seen)
  }
})

test('reports the modes that a program left on', async () => {
  await using terminal = await sh(
    String.raw`printf '\033[?25l\033[?2004h\033[>1u\033[?1000h\033[?1000l'; stty -echo; kill -TERM $$`,
  )
  expect(await terminal.exited).toBe(128 + 15)
  const {termios, changed} = terminal.modes()
  expect(changed).toEqual(['>u', '?2004h', '?25l'])
  expect(termios).toBe(terminal.modesBefore.termios.replace(' echo ', ' -echo '))
})

test('closing the window sends SIGHUP to its program', async () => {
  await using terminal = await sh('echo ready; read line')
  await terminal.waitFor('ready')
  const program = findProcess(terminal.pid)!
  terminal.close()
  await waitForExit(program)
})

test('shows the screen in the error of a wait that failed', async () => {
  await using terminal = await sh('echo here; read line')
  await terminal.waitFor('here')
  await expect(terminal.waitFor('there', {timeoutMs: 50})).rejects.toThrow(
    /Expected there on the screen within 50 ms, it shows:\nhere/,
  )
})
