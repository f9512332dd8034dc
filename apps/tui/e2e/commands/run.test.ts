import {existsSync, realpathSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {parseEvents} from '../support/events-of.ts'
import {cli, createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'
import {until} from '../support/until.ts'

test.for([
  ['true', 0],
  ['exit 3', 3],
  ['kill -9 $$', 137],
  ['no-such-program', 127],
] as const)('run exits as its command does: `%s` with %i', async ([command, status]) => {
  await using home = createHome()
  const {exitCode, signal, stdout} = await home.holdfast(['run', '--', command])
  expect({exitCode, signal}).toEqual({exitCode: status, signal: null})
  if (command === 'exit 3') expect(stdout).toBe('')
})

test('run prints to a pipe byte for byte', async () => {
  await using home = createHome()
  const allBytes = Buffer.from(Array.from({length: 256}, (_, byte) => byte))
  const bytes = Buffer.concat([
    allBytes,
    Buffer.from('\r\n\n\r\r\n\r'),
    allBytes.reverse(),
    Buffer.from('no end of line'),
  ])
  writeFileSync(`${home.project}/bytes`, bytes)
  const {stdoutBytes, stderr, exitCode} = await home.holdfast(['run', '--', 'cat bytes'])
  expect({bytes: stdoutBytes.toString('latin1'), stderr, exitCode}).toEqual({
    bytes: bytes.toString('latin1'),
    stderr: '',
    exitCode: 0,
  })
})

test('run prints to a terminal the same bytes that its command printed to the session’s terminal', async () => {
  await using home = createHome()
  const args = [cli, 'run', '--', String.raw`printf 'one\n\033[31mred\033[m\rtwo\r\n'`]
  await using terminal = await openTerminal({command: process.execPath, args, env: home.env, cwd: home.project})
  expect(await terminal.exited).toBe(0)
  await terminal.waitFor('two')
  // The output passes two line disciplines: the session's, and this terminal's.
  expect(terminal.bytes.toString()).toContain('one\r\r\n\x1b[31mred\x1b[m\rtwo\r\r\r\n')
})

test('run prints output as it arrives', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'echo early; until [ -e go ]; do sleep 0.01; done; echo late'])
  await until(() => run.stdout === 'early\n', {what: 'the first line'})
  writeFileSync(`${home.project}/go`, '')
  expect(await run.ended).toMatchObject({stdout: 'early\nlate\n', stderr: '', exitCode: 0})
})

test('Ctrl-C interrupts the command of run, which exits with 130', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'echo started; sleep 30'])
  await until(() => run.stdout.startsWith('started\n'), {what: 'the command'})
  run.child.kill('SIGINT')
  expect(await run.ended).toMatchObject({exitCode: 130, signal: null, stderr: ''})
})

test('SIGTERM ends run but not its command', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'echo started; until [ -e go ]; do sleep 0.01; done; touch went'])
  await until(() => run.stdout === 'started\n', {what: 'the command'})
  run.child.kill('SIGTERM')
  expect(await run.ended).toMatchObject({exitCode: 143})
  writeFileSync(`${home.project}/go`, '')
  await until(() => existsSync(`${home.project}/went`), {what: 'the end of the command'})
})

test('run --timeout exits with 124 and names the session, where the command keeps running', async () => {
  await using home = createHome()
  const command = 'until [ -e go ]; do sleep 0.01; done; touch went'
  const {exitCode, stderr} = await home.holdfast(['run', '--timeout', '3000', '--', command])
  expect(exitCode).toBe(124)
  const [{id, state}] = await sessionsOf(home)
  expect(state).toBe('running')
  expect(stderr.split('\n')).toEqual([expect.stringContaining(id), ''])
  writeFileSync(`${home.project}/go`, '')
  await until(() => existsSync(`${home.project}/went`), {what: 'the end of the command'})
})

test('run --no-wait prints the ids of session and prompt, and exits while the command runs', async () => {
  await using home = createHome()
  const command = 'until [ -e go ]; do sleep 0.01; done; echo done'
  const {stdout, exitCode} = await home.holdfast(['run', '--no-wait', '--', command])
  expect(exitCode).toBe(0)
  const [, sessionId, promptId] = /^(\S+) (\S+)\n$/.exec(stdout) ?? []
  expect(await sessionsOf(home)).toMatchObject([{id: sessionId, state: 'running'}])
  writeFileSync(`${home.project}/go`, '')
  const events = () => home.holdfast(['show', sessionId!, '--json'])
  await until(async () => (await events()).stdout.includes('message.complete'), {what: 'the end of the command'})
  expect((await events()).stdout).toContain(`"prompt_id":"${promptId}"`)
})

test('run --json prints the events of the wire, numbered from 1 without a gap', async () => {
  await using home = createHome()
  const {stdout, exitCode} = await home.holdfast(['run', '--json', '--', 'echo hello; (exit 4)'])
  const events = parseEvents(stdout)
  expect(exitCode).toBe(4)
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
  const envelope = {session_id: (await sessionsOf(home))[0].id, at: expect.any(Number) as number}
  expect(events).toMatchObject([
    {...envelope, type: 'session.info', payload: {cwd: realpathSync(home.project)}},
    {...envelope, type: 'prompt.queued', payload: {text: 'echo hello; (exit 4)'}},
    {...envelope, type: 'message.start'},
    {...envelope, type: 'message.delta', payload: {text: 'hello\r\n'}},
    {...envelope, type: 'message.complete', payload: {status: 'complete', exit_code: 4}},
  ])
})

test('run keeps all output; with --max-output, the beginning and the last MiB, and says how much is missing', async () => {
  await using home = createHome()
  const command = 'head -c 3145728 /dev/zero | tr "\\0" x; echo end'
  const whole = await home.holdfast(['run', '--', command])
  expect({length: whole.stdout.length, stderr: whole.stderr}).toEqual({length: 3 * 1024 * 1024 + 4, stderr: ''})
  const cut = await home.holdfast(['run', '--max-output', '1m', '--', command])
  expect(cut.stderr).toMatch(/^holdfast: … 1\.0 MiB of output were not kept …\n$/)
  expect(cut.stdout.slice(-5)).toBe('xend\n')
  expect(cut.stdout.length).toBeGreaterThan(2 * 1024 * 1024 - 10)
  expect(cut.stdout.length).toBeLessThanOrEqual(2 * 1024 * 1024)
  const {stdout} = await home.holdfast(['ls', '--json'])
  const [id] = stdout.split('\n').map((line) => /"id":"(\w+)"/.exec(line)?.[1])
  expect((await home.holdfast(['show', id ?? ''])).stdout).toContain('\n… 1.0 MiB of output were not kept …\nx')
})

test('run --session uses the folder and the shell of the session', async () => {
  await using home = createHome()
  const first = await home.holdfast(['run', '--keep', '--json', '--', 'mkdir inner && cd inner && kept=here'])
  const {session_id} = JSON.parse(first.stdout.split('\n')[0]!) as {session_id: string}
  const {stdout} = await home.holdfast(['run', '--session', session_id, '--', 'echo "$PWD $kept"'], {cwd: home.user})
  expect(stdout).toBe(`${realpathSync(home.project)}/inner here\n`)
})

test('run passes several words as a program and its arguments', async () => {
  await using home = createHome()
  expect(await home.holdfast(['run', '--', 'sh', '-c', 'exit 7'])).toMatchObject({exitCode: 7})
  const {stdout} = await home.holdfast(['run', '--', 'printf', '<%s>', "it's", '$HOME *', '', 'a\nb', '-n'])
  expect(stdout).toBe("<it's><$HOME *><><a\nb><-n>")
})

test.for([
  [['run']],
  [['run', '--']],
  [['run', '--', '']],
  [['run', '--timeout', 'soon', '--', 'true']],
  [['run', '--timeout', '2147483648', '--', 'true']],
  [['run', '--max-output', 'much', '--', 'true']],
  [['run', '--no-such-option', '--', 'true']],
  [['show']],
  [['close']],
  [['close', 'abc', '--all']],
  [['--no-such-option']],
  [['--resum', 'abc']],
  [['lss']],
  [['host', '../0000000000']],
  [['--continue', '--resume', 'abc']],
  [['--connect', 'ws://nobody.invalid', 'doctor']],
  [['--connect', 'ws://nobody.invalid', 'serve', '--listen', '127.0.0.1:0']],
])('wrong usage is one clear line and status 2: holdfast %j', async ([args]) => {
  await using home = createHome()
  const {exitCode, stdout, stderr} = await home.holdfast(args!)
  expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''})
  expect(stderr).toMatch(/^holdfast: [^\n]{10,}\n$/)
})

test('a usage error names the help of its command', async () => {
  await using home = createHome()
  expect((await home.holdfast(['resize', 'abc', 'large'])).stderr).toBe(
    "holdfast: value 'large' is invalid for argument 'SIZE'. Expected columns and rows, as in 120x40; `holdfast resize --help` shows its usage\n",
  )
  expect((await home.holdfast(['completions', 'tcsh'])).stderr).toMatch(
    /; `holdfast completions --help` shows its usage\n$/,
  )
  const {stderr} = await home.holdfast(['show', '--after', 'soon', 'abc'])
  expect(stderr).toBe(
    "holdfast: option '--after <SEQ>' argument 'soon' is invalid. Expected a whole number; `holdfast show --help` shows its usage\n",
  )
})
