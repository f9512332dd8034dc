import {execFileSync} from 'node:child_process'
import {readFileSync, statSync, writeFileSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'
import {until} from '../support/until.ts'

/** `holdfast run`, by hand in a terminal. */
function openRun(home: Home, args: readonly string[]) {
  return openTerminal({command: process.execPath, args: [cli, 'run', ...args], env: home.env, cwd: home.project})
}

test.for(['bash', 'zsh', 'fish', 'dash'] as const)('%s: by hand, a command reads the keys', async (shell) => {
  const path = need(shell)
  await using home = createHome()
  await using terminal = await openRun(home, ['--shell', path, '--', 'echo begun; read line; echo "got [$line]"'])
  await terminal.waitFor('begun')
  // What is typed before fish reads would be shown twice: the terminal echoes it, and fish draws it again.
  if (shell === 'fish') await terminal.waitFor('read>')
  terminal.type('two words')
  await terminal.waitFor('two words')
  terminal.press('enter')
  expect(await terminal.exited).toBe(0)
  expect(terminal.screen()).toContain('got [two words]')
  expect(terminal.screen().match(/two words/g)).toHaveLength(2)
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})

test('a REPL runs by hand, and ends at Ctrl-D', async () => {
  need('python3')
  await using home = createHome()
  await using terminal = await openRun(home, ['--', 'python3', '-q'])
  await terminal.waitFor('>>>')
  terminal.type('6*7\r')
  await terminal.waitFor(/^42\n>>>/m)
  terminal.press('ctrl-d')
  expect(await terminal.exited).toBe(0)
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})

test('an editor runs by hand, in the size of the terminal; the lines before it stay', async () => {
  need('vim')
  await using home = createHome()
  await using terminal = await openRun(home, ['--', 'echo before; vim -u NONE -N note.txt; echo after'])
  await terminal.waitFor(/^~ *\n~ *\n~/m)
  terminal.resize(60, 20)
  const vim = await until(() => home.processes().find(({argv}) => argv[0] === 'vim'), {what: 'vim'})
  const sizeOf = () => execFileSync('stty', ['-F', `/proc/${vim.pid}/fd/1`, 'size'], {encoding: 'utf8'})
  await until(() => sizeOf() === '20 60\n', {what: 'the size'})
  terminal.type(':put =&columns.&lines\r')
  await terminal.waitFor(/^6020/m)
  terminal.type(':wq\r')
  expect(await terminal.exited).toBe(0)
  expect(readFileSync(`${home.project}/note.txt`, 'utf8')).toBe('\n6020\n')
  expect(terminal.scrollback()).toMatch(/^before\n[^]*^after$/m)
  expect(terminal.modes().changed).toEqual(terminal.modesBefore.changed)
  const [{state}] = await sessionsOf(home)
  expect(['idle', 'closed']).toContain(state)
})

test('a terminal gets every line, once and in order', async () => {
  await using home = createHome()
  await using terminal = await openRun(home, ['--', 'seq 20000; echo over'])
  expect(await terminal.exited).toBe(0)
  // Node's raw mode leaves the terminal its line ends.
  const lines = Array.from({length: 20_000}, (_, index) => `${index + 1}\r\r\n`).join('')
  await until(() => terminal.bytes.includes('over\r'), {what: 'the end'})
  expect(terminal.bytes.includes(`${lines}over\r`)).toBe(true)
})

test('a terminal that is read late gets every line, once and in order, although the host was killed', async () => {
  await using home = createHome()
  await using terminal = await openRun(home, ['--', 'echo begun; until [ -e go ]; do sleep 0.01; done; seq 50000; cat'])
  await terminal.waitFor('begun')
  terminal.stopReading()
  writeFileSync(`${home.project}/go`, '')
  const [{id}] = await sessionsOf(home)
  await until(async () => (await home.holdfast(['show', id])).stdout.includes('\n50000\n'), {what: 'the last line'})
  process.kill((await home.process('host')).pid, 'SIGKILL')
  terminal.read()
  expect(await terminal.exited).toBe(1)
  const lines = Array.from({length: 50_000}, (_, index) => `${index + 1}\r\r\n`).join('')
  expect(terminal.bytes.toString().split('begun\r\r\n')[1]).toContain(lines)
  expect(terminal.screen()).toContain('interrupted')
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})

test('a terminal at the other end of --connect that is read late gets every line; meanwhile the program waits', async () => {
  await using home = createHome()
  await using server = await startServer(home)
  const command = `echo begun; until [ -e ${home.project}/go ]; do sleep 0.01; done; seq 1000000`
  await using terminal = await openRun(home, [...server.optionsFor(), '--', command])
  await terminal.waitFor('begun')
  terminal.stopReading()
  writeFileSync(`${home.project}/go`, '')
  const [{id}] = await sessionsOf(home)
  const {log} = sessionPaths(home.state, id)
  const size = () => statSync(log).size + statSync(`${log}-wal`).size
  const stays = async () => {
    const before = size()
    await home.holdfast(['ls'])
    return before > 500_000 && size() === before
  }
  await until(stays, {what: 'a log that does not grow'})
  expect(home.processes().some(({argv}) => argv[0] === 'seq')).toBe(true)
  terminal.read()
  expect(await terminal.exited).toBe(0)
  const lines = Array.from({length: 1_000_000}, (_, index) => `${index + 1}\r\r\n`).join('')
  expect(terminal.bytes.toString().split('begun\r\r\n')[1]?.startsWith(lines)).toBe(true)
})

test('Ctrl-C ends the command, and the lines after it do not run', async () => {
  await using home = createHome()
  await using terminal = await openRun(home, ['--', 'echo begun\nsleep 1000\ntouch never'])
  await terminal.waitFor('begun')
  await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the command'})
  terminal.press('ctrl-c')
  expect(await terminal.exited).toBe(130)
  expect(terminal.screen()).toContain('not all lines ran (2 of 3 lines)')
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})

test('Ctrl-Z stops the command, and run says how to continue it', async () => {
  await using home = createHome()
  await using terminal = await openRun(home, ['--', 'sh -c "echo begun; sleep 1000"'])
  await terminal.waitFor('begun')
  await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the command'})
  terminal.type('\x1a')
  expect(await terminal.exited).toBe(148)
  const [{id, state}] = await sessionsOf(home)
  expect(state).toBe('idle')
  expect(terminal.screen()).toContain(`holdfast --resume ${id}`)
})

test('a killed run leaves its command alone; a signal restores the terminal', async () => {
  await using home = createHome()
  await using terminal = await openRun(home, [
    '--',
    'printf "\\033[?25l"; echo begun; until [ -e go ]; do sleep 0.01; done; touch went',
  ])
  await terminal.waitFor('begun')
  terminal.kill('SIGTERM')
  expect(await terminal.exited).toBe(143)
  expect(terminal.screen()).toContain('the command is still running in session')
  expect(terminal.modes()).toEqual(terminal.modesBefore)
  writeFileSync(`${home.project}/go`, '')
  await until(async () => (await sessionsOf(home))[0].state === 'closed', {what: 'the end of the command'})
})

/** A shell with job control in which `run` is `holdfast run`. */
async function openShell(home: Home) {
  const launch = home.launch(home.project, ['run']).map((word) => `'${word}'`)
  writeFileSync(`${home.user}/rc`, `PS1='$ '; run() { ${launch.join(' ')} "$@"; }\n`)
  const args = ['--rcfile', `${home.user}/rc`, '-i']
  const terminal = await openTerminal({command: '/bin/bash', args, env: home.env, cwd: home.project})
  await terminal.waitFor(/^\$/m)
  return terminal
}

test('in the background, run is not stopped, and leaves the keys to the shell', async () => {
  await using home = createHome()
  await using terminal = await openShell(home)
  terminal.type("run -- 'until [ -e go ]; do sleep 0.01; done; cat; echo o''ver' &\r")
  await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the command'})
  terminal.type('touch go; echo ty""ped\r')
  await terminal.waitFor('typed')
  await terminal.waitFor('over')
  terminal.type('wait; echo "status $?"; exit\r')
  await terminal.waitFor('status 0')
})

test('where stdout is a pipe, the command reads the lines that are typed, up to Ctrl-D', async () => {
  await using home = createHome()
  await using terminal = await openShell(home)
  terminal.type('run -- "echo beg""un; cat" | tr a-z A-Z\r')
  await terminal.waitFor('BEGUN')
  terminal.type('some words\r\x04')
  await terminal.waitFor('SOME WORDS')
  terminal.type('echo "status $?"; exit\r')
  await terminal.waitFor('status 0')
})
