import {spawnSync} from 'node:child_process'
import {existsSync, writeFileSync} from 'node:fs'
import {constants} from 'node:os'

import {describe, expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home, type RunningHoldfast} from '../support/home.ts'
import {peakMemory} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {linesOf} from '../support/tui.ts'
import {until} from '../support/until.ts'

const megabyte = 1024 * 1024

/** A command that runs until the test ends it. */
const untilGo = 'touch begun; until [ -e go ]; do sleep 0.01; done'

function letGo(home: Home): void {
  writeFileSync(`${home.project}/go`, '')
}

async function untilBegun(home: Home): Promise<void> {
  await until(() => existsSync(`${home.project}/begun`), {what: 'the first line to run'})
}

/** Starts `holdfast` with these lines on stdin; resolves when the first one, `untilGo`, runs. */
async function startScript(home: Home, ...lines: string[]): Promise<RunningHoldfast> {
  const script = home.startHoldfast([], {stdin: [untilGo, ...lines, ''].join('\n')})
  await untilBegun(home)
  return script
}

describe('lines on stdin', () => {
  test.for([[[]], [['talk']]])('are run one by one in one shell: | holdfast %j', async ([words]) => {
    await using home = createHome()
    const stdin = 'x=5\ncd /tmp\n# a comment\n\npwd; echo $x\nprintf "no end"\n(exit 3)\n'
    expect(await home.holdfast(words!, {stdin})).toMatchObject({
      stdout: '/tmp\n5\nno end',
      stderr: '',
      exitCode: 3,
    })
    expect(await sessionsOf(home)).toMatchObject([{state: 'idle', cwd: '/tmp'}])
  })

  test('need no line break at the end; without a line, no session is created', async () => {
    await using home = createHome()
    expect(await home.holdfast([], {stdin: 'echo last'})).toMatchObject({stdout: 'last\n', stderr: '', exitCode: 0})
    await home.holdfast(['close', '--all'])
    expect(await home.holdfast([])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
    const {env, project: cwd} = home
    const ended = spawnSync('/bin/sh', ['-c', `${process.execPath} ${cli} < /dev/null 2>&1`], {
      cwd,
      env,
      encoding: 'utf8',
    })
    expect(ended).toMatchObject({stdout: '', status: 0})
    expect(await home.holdfast([], {stdin: '\n  \n# nothing'})).toMatchObject({stdout: '', stderr: '', exitCode: 0})
    expect(await sessionsOf(home)).toHaveLength(1)
  })

  test('run after the prompt of the command line', async () => {
    await using home = createHome()
    const {stdout, exitCode} = await home.holdfast(['echo', 'first'], {stdin: 'echo second'})
    expect({stdout, exitCode}).toEqual({stdout: 'first\nsecond\n', exitCode: 0})
  })

  test('may be slash commands; an unknown one is an error', async () => {
    await using home = createHome()
    const {stdout, stderr, exitCode} = await home.holdfast([], {stdin: '/help\necho one\n/logs\n/quit\necho two\n'})
    expect({stdout, exitCode}).toEqual({stdout: 'one\n', exitCode: 0})
    expect(stderr).toMatch(/lines you type run in the shell/)
    expect(stderr).toMatch(/the end of .*crash\.log$/m)
    expect(await home.holdfast([], {stdin: '/nope\necho two\n'})).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^holdfast: expected [^\n]*got `\/nope`[^\n]*\n$/) as string,
      exitCode: 2,
    })
  })

  test('are read no further than they are run', async () => {
    await using home = createHome()
    const script = `${home.project}/long.sh`
    writeFileSync(script, `${untilGo}\n${'# a line that says nothing\n'.repeat(4_000_000)}echo end\n`)
    const child = home.startHoldfast(['run', '--', `${process.execPath} ${cli} < long.sh`])
    await untilBegun(home)
    const [client] = home.processes().filter(({role, argv}) => role === 'client' && argv.at(-1)?.endsWith('cli.cjs'))
    expect(peakMemory(client!.pid)).toBeLessThan(150 * megabyte)
    letGo(home)
    expect(await child.ended).toMatchObject({stdout: 'end\n', exitCode: 0})
  })

  test('run in an existing session, and print no output of other clients', async () => {
    await using home = createHome()
    const other = await startScript(home, 'echo other')
    const [{id}] = await sessionsOf(home)
    const script = home.startHoldfast(['talk', '--resume', id], {stdin: 'echo mine; pwd\n'})
    await until(async () => (await home.holdfast(['show', id, '--json'])).stdout.includes('echo mine'), {what: 'mine'})
    letGo(home)
    expect(await script.ended).toMatchObject({stdout: `mine\n${home.project}\n`, stderr: '', exitCode: 0})
    expect(await other.ended).toMatchObject({stdout: 'other\n', stderr: '', exitCode: 0})
    expect(await home.holdfast(['talk', '--continue'], {stdin: 'true\n'})).toMatchObject({stdout: '', exitCode: 0})
    expect(await home.holdfast(['talk', '--resume', '0000000000'], {stdin: 'true\n'})).toMatchObject({
      stdout: '',
      stderr: 'holdfast: there is no session 0000000000; `holdfast ls` lists them\n',
      exitCode: 3,
    })
  })
})

describe('a command over several lines', () => {
  test.for(['bash', 'zsh', 'fish'] as const)('runs as one command, and skips what a shell skips: %s', async (shell) => {
    need(shell)
    await using home = createHome()
    const [begin, end] = shell === 'fish' ? ['if false', 'end'] : ['if false; then', 'fi']
    const stdin = `${begin}\n  touch ruin\n\n  echo ruin\n${end}\necho 'a\n  b\n# no comment'\n`
    expect(await home.holdfast(['--shell', shell], {stdin})).toMatchObject({
      stdout: 'a\n  b\n# no comment\n',
      stderr: '',
      exitCode: 0,
    })
    expect(existsSync(`${home.project}/ruin`)).toBe(false)
  })

  test('may be a here-document', async () => {
    await using home = createHome()
    expect(await home.holdfast([], {stdin: 'cat <<E\n/quit\n\n# x\nE\necho end\n'})).toMatchObject({
      stdout: '/quit\n\n# x\nend\n',
      exitCode: 0,
    })
  })

  test('that is incomplete is an error, with the status of a syntax error', async () => {
    await using home = createHome()
    expect(await home.holdfast([], {stdin: 'echo one\necho "two\necho three\n'})).toMatchObject({
      stdout: 'one\n',
      stderr: 'holdfast: the command is incomplete: a quote, a bracket, a heredoc or what follows a `|` is missing\n',
      exitCode: 2,
    })
  })
})

describe('the rest of the script does not run when', () => {
  const after = 'touch after'

  async function expectEnd(home: Home, script: RunningHoldfast, expected: object): Promise<void> {
    expect(await script.ended).toMatchObject({stdout: '', ...expected})
    expect(existsSync(`${home.project}/after`)).toBe(false)
  }

  test('a line is `exit`', async () => {
    await using home = createHome()
    const {stderr, exitCode} = await home.holdfast([], {stdin: `exit 3\n${after}\n`})
    expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 3})
    expect(existsSync(`${home.project}/after`)).toBe(false)
  })

  test('its shell is killed: a new one would not have its variables', async () => {
    await using home = createHome()
    const script = home.startHoldfast([], {stdin: `kill -9 $$\n${after}\n`})
    await expectEnd(home, script, {
      exitCode: 137,
      stderr: 'holdfast: failed: the shell was killed; the rest of the script is not run\n',
    })
  })

  test('its host is killed', async () => {
    await using home = createHome()
    const script = await startScript(home, after)
    process.kill((await home.process('host')).pid, 'SIGKILL')
    await expectEnd(home, script, {
      exitCode: 1,
      stderr: 'holdfast: interrupted: the host process died; the rest of the script is not run\n',
    })
  })

  test('Ctrl-C interrupts a line', async () => {
    await using home = createHome()
    const script = home.startHoldfast([], {stdin: `touch begun; sleep 60\n${after}\n`})
    await untilBegun(home)
    script.child.kill('SIGINT')
    const {stderr, exitCode} = await script.ended
    expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 130})
    expect(existsSync(`${home.project}/after`)).toBe(false)
  })

  test('SIGTERM ends holdfast: the command keeps running', async () => {
    await using home = createHome()
    const script = await startScript(home, after)
    script.child.kill('SIGTERM')
    await expectEnd(home, script, {exitCode: 128 + constants.signals.SIGTERM, stderr: ''})
    expect(await sessionsOf(home)).toMatchObject([{state: 'running'}])
    letGo(home)
    await until(async () => (await sessionsOf(home))[0].state === 'idle', {what: 'the end of the command'})
    expect(existsSync(`${home.project}/after`)).toBe(false)
  })

  test('the reader of stdout is gone', async () => {
    await using home = createHome()
    const script = home.startHoldfast([], {stdin: `echo one\nsleep 0.2; echo two\nsleep 60\n${after}\n`})
    script.child.stdout.destroy()
    await expectEnd(home, script, {exitCode: 128 + constants.signals.SIGPIPE, stderr: ''})
  })

  test('the session is closed', async () => {
    await using home = createHome()
    const script = await startScript(home, after)
    await home.holdfast(['close', '--all'])
    const {exitCode, stderr} = await script.ended
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/^holdfast: [^\n]*the session was closed[^\n]*\n$/)
    expect(existsSync(`${home.project}/after`)).toBe(false)
  })
})

test('when gateways are killed, each line still runs once and in order, and is printed once', async () => {
  await using home = createHome()
  const count = 30
  const lines = Array.from({length: count}, (_, at) => `echo ${at} | tee -a done; sleep 0.05`)
  const script = home.startHoldfast([], {stdin: `${lines.join('\n')}\n`})
  for (const at of [3, 12, 20]) {
    await until(() => script.stdout.includes(`\n${at}\n`), {what: `line ${at}`})
    process.kill((await home.process('gateway')).pid, 'SIGKILL')
  }
  const {stdout, stderr, exitCode} = await script.ended
  const expected = lines.map((_, at) => String(at))
  expect(stdout.split('\n').slice(0, -1)).toEqual(expected)
  expect(linesOf(home, 'done')).toEqual(expected)
  expect(exitCode).toBe(0)
  const messages = stderr.split('\n').slice(0, -1)
  expect(messages).toHaveLength(3)
  for (const line of messages) expect(line).toMatch(/^holdfast: the gateway died \(.*\) and was restarted/)
})

test('a pipe gets the output as text: no colours, and nothing that was overwritten', async () => {
  await using home = createHome()
  writeFileSync(
    `${home.project}/out`,
    '\u001b]0;owned\u0007\u001b[1;31mred\u001b[0m\n10%\r50%\r100%\n\u001b[2Jhöhe 汉字\n',
  )
  expect((await home.holdfast([], {stdin: 'cat out\n'})).stdout).toBe('red\n100%\nhöhe 汉字\n')
})
