import {readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {cli, createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'

test('holdfast runs its arguments as the first prompt of a new session in the current folder', async () => {
  await using home = createHome()
  await using tui = await openTui(home, ['print-lines', 'out.txt', '3', '0.01'])
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('print-lines out.txt 3 0.01').at(-1)).toBe('line 3')
  expect(await sessionsOf(home)).toMatchObject([{cwd: home.project, state: 'idle'}])
})

test('the screen shows prompts of other clients with their output', async () => {
  await using home = createHome()
  await using first = await openTui(home)
  await first.waitFor('· idle')
  const [{id}] = await sessionsOf(home)
  await using second = await openTui(home, ['--resume', id])
  await second.waitFor('· idle')
  await home.holdfast(['run', '--session', id, '--', 'echo from elsewhere'])
  for (const tui of [first, second]) {
    await tui.waitFor(/^✓/m)
    expect(tui.outputOf('echo from elsewhere')).toEqual(['from elsewhere'])
  }
  await second.submit('echo from the second')
  await first.waitFor(/^from the second$/m)
})

test('the screen shows the end of a very long session, and the command that prints all', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'printf be; echo gun'])
  const [{id}] = await sessionsOf(home)
  // Three events for each prompt: more than the 1000 that the screen shows.
  await home.holdfast(['--resume', id], {stdin: `${':\n'.repeat(400)}echo last\n`})
  await using tui = await openTui(home, ['--continue'])
  await tui.waitFor(/^last\n✓/m)
  const shown = tui.scrollback()
  expect(shown).toContain(`Only the end of the session is shown. All of it: holdfast show ${id}`)
  expect(shown).not.toContain('begun')
  await tui.submit('echo more')
  await tui.waitFor(/^more$/m)
})

test('what is typed before the session is open runs, although a program asked for a password before', async () => {
  await using home = createHome()
  {
    await using tui = await openTui(home)
    await tui.submit('read -sp "secret? " x; echo; echo over')
    await tui.waitFor('Not shown · Enter sends it')
    tui.press('enter')
    await tui.waitFor(/^over\n✓/m)
  }
  await using tui = await openTui(home, ['--continue'], {typed: 'echo early'})
  await tui.waitFor(/^❯ echo early$/m)
  tui.press('enter')
  await tui.waitFor(/^early\n✓/m)
})

test('prompts that are submitted while a command runs are queued, shown, and run in order', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('until [ -e go ]; do sleep 0.01; done; echo one')
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('echo two')
  await tui.submit('echo three')
  await tui.waitFor('· 2 queued')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^three\n✓.*\n(?:.*\n)*.*· idle/m)
  const shown = tui.scrollback()
  const places = ['\none\n', '\ntwo\n', '\nthree\n'].map((line) => shown.indexOf(line))
  expect(places).toEqual(places.toSorted((first, second) => first - second))
  expect(places).not.toContain(-1)
  expect(shown).not.toContain('queued')
})

test.for([
  [['--resume', '0000000000'], /^holdfast: there is no session 0000000000; `holdfast ls` lists them$/m],
  [['--resume', 'nope'], /^holdfast: there is no session nope; `holdfast ls` lists them$/m],
  [['--continue'], /^holdfast: there is no session to continue/m],
] as const)('a session that is not there is one clear line and status 3: holdfast %j', async ([args, message]) => {
  await using home = createHome()
  await using terminal = await openTerminal({
    command: process.execPath,
    args: [cli, ...args],
    env: home.env,
    cwd: home.project,
  })
  expect(await terminal.exited).toBe(3)
  expect(terminal.scrollback()).toMatch(message)
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})

test('a typo in the name of a command opens no session', async () => {
  await using home = createHome()
  expect(await home.holdfast(['lss'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr:
      'holdfast: expected a command or a prompt, got `lss`: did you mean `ls`? To send it as a prompt, type it in the screen\n',
  })
  // A program of that name is a prompt.
  writeFileSync(`${home.user}/lss`, '#!/bin/sh\necho a program\n', {mode: 0o755})
  const PATH = `${home.user}:${home.env['PATH']}`
  expect(await home.holdfast(['lss'], {env: {PATH}})).toMatchObject({stdout: 'a program\n', stderr: '', exitCode: 0})
})

test.each([
  [['resume'], '--resume ID'],
  [['resume', '0123456789'], '--resume ID'],
  [['continue'], '--continue'],
  [['list'], 'ls'],
])('the name of an option, or of a command elsewhere, opens no session: holdfast %j', async (args, meant) => {
  await using home = createHome()
  expect(await home.holdfast(args)).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `holdfast: expected a command or a prompt, got \`${args.join(' ')}\`: did you mean \`${meant}\`? To send it as a prompt, type it in the screen\n`,
  })
  expect((await home.holdfast(['ls', '--json'])).stdout).toBe('')
})

test('--version and --help work without a home', async () => {
  await using home = createHome()
  const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(await home.holdfast(['--version'])).toMatchObject({stdout: `${version}\n`, stderr: '', exitCode: 0})
  const {stdout, stderr, exitCode} = await home.holdfast(['--help'])
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  for (const name of ['run', 'ls', 'show', 'close', '--continue', '--resume']) expect(stdout).toContain(name)
  // Internal commands are hidden.
  expect(stdout).not.toMatch(/gateway|host/)
})

test('help, -h, -v and -V do what they do elsewhere', async () => {
  await using home = createHome()
  const {stdout: help} = await home.holdfast(['--help'])
  const {stdout: version} = await home.holdfast(['--version'])
  for (const args of [['-h'], ['help'], ['help', 'help']]) {
    expect(await home.holdfast(args)).toMatchObject({stdout: help, stderr: '', exitCode: 0})
  }
  for (const option of ['-v', '-V']) {
    expect(await home.holdfast([option])).toMatchObject({stdout: version, stderr: '', exitCode: 0})
  }
  const {stdout: helpOfRun} = await home.holdfast(['run', '--help'])
  expect(helpOfRun).toMatch(/^Usage: holdfast run /)
  for (const args of [
    ['help', 'run'],
    ['run', '-h'],
  ]) {
    expect(await home.holdfast(args)).toMatchObject({stdout: helpOfRun, stderr: '', exitCode: 0})
  }
  for (const [name, stderr] of [
    ['lss', 'holdfast: there is no command `lss`: did you mean `ls`?\n'],
    ['nope', 'holdfast: there is no command `nope`: `holdfast help` lists all\n'],
  ] as const) {
    expect(await home.holdfast(['help', name])).toMatchObject({stdout: '', stderr, exitCode: 2})
  }
  // None was taken for a prompt.
  expect((await home.holdfast(['ls', '--json'])).stdout).toBe('')
})
