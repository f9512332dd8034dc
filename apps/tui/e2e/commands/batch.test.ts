import {constants} from 'node:os'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

const start = async (home: Home, ...program: string[]) =>
  (await home.holdfast(['new', ...(program.length === 0 ? [] : ['--', ...program])])).stdout.trim()

const lines = (...steps: object[]) => steps.map((step) => `${JSON.stringify(step)}\n`).join('')

/** Runs a batch; its lines of stdout as objects. */
async function batch(home: Home, id: string, steps: readonly object[], options: readonly string[] = []) {
  const {stdout, stderr, exitCode} = await home.holdfast(['batch', '--json', ...options, id], {stdin: lines(...steps)})
  expect(stderr).toBe('')
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return {steps: objects.slice(0, -1), end: objects.at(-1), exitCode}
}

test('a text that a batch types begins the recording of a screen, as a key does', async () => {
  await using home = createHome()
  const {stdout} = await home.holdfast(['new', '--shell', '/bin/bash'])
  const id = stdout.trim()
  const draws = String.raw`printf '\033[?1049hready'; read -r line; printf '\033[2Jframe of %s' "$line"; read -r line; printf '\033[?1049l'`
  await home.holdfast(['run', '--no-wait', '--session', id, '--', draws])
  await batch(home, id, [
    {command: 'wait', text: 'ready'},
    {command: 'type', text: 'Ada\n'},
    {command: 'wait', text: 'frame of Ada'},
    {command: 'type', text: '\n'},
    {command: 'wait', exit: true},
  ])
  expect((await home.holdfast(['record', id])).stdout).toContain('frame of Ada')
})

test('a batch drives a program: each step is printed as it ends, then how many have ended in which way', async () => {
  await using home = createHome()
  const id = await start(home, 'sh', '-c', 'printf "name? "; read name; echo "hello $name"; read again; exit 5')
  const {steps, end, exitCode} = await batch(home, id, [
    {command: 'wait', text: 'name?'},
    {command: 'type', text: 'A'},
    {command: 'keys', keys: ['d', 'a', 'Enter']},
    {command: 'wait', regex: '^hello Ada$'},
    {command: 'resize', cols: 60, rows: 10},
    {command: 'snapshot'},
    {command: 'mark', name: 'greeted'},
    {command: 'paste', text: 'bye\n'},
    {command: 'wait', exit: true},
  ])
  expect(exitCode).toBe(0)
  expect(end).toEqual({ok: true, command: 'batch', result: {done: 9, failed: 0, interrupted: 0, not_run: 0}})
  expect(steps.map(({step, line, command, status}) => [step, line, command, status])).toEqual(
    ['wait', 'type', 'keys', 'wait', 'resize', 'snapshot', 'mark', 'paste', 'wait'].map((command, index) => [
      index + 1,
      index + 1,
      command,
      'done',
    ]),
  )
  expect(steps[5]).toMatchObject({
    duration_ms: expect.any(Number) as number,
    result: {cols: 60, rows: 10, is_alternate: false},
  })
  expect(JSON.stringify(steps[5])).toMatch(/"name\? Ada".*"hello Ada"/)
  expect(steps[7]).toMatchObject({result: {bracketed: false}})
})

test('a wait looks only at what was printed after the input before it', async () => {
  await using home = createHome()
  const id = await start(home, 'sh', '-c', 'stty -echo; echo done; read -r a; read -r b; echo done; read -r c')
  await home.holdfast(['wait', id, '--text', 'done'])
  const {steps, exitCode} = await batch(
    home,
    id,
    [
      {command: 'wait', text: 'done', timeout_ms: 100},
      {command: 'keys', keys: ['a', 'Enter']},
      {command: 'wait', text: 'done', timeout_ms: 200},
      {command: 'keys', keys: ['b', 'Enter']},
      {command: 'wait', text: 'done'},
    ],
    ['--keep-going'],
  )
  expect(steps.map(({status}) => status)).toEqual(['done', 'done', 'failed', 'done', 'done'])
  expect(steps[2]).toMatchObject({error: {code: 'timed_out', message: 'Expected the text "done" within 200 ms'}})
  expect(exitCode).toBe(11)
})

test('run waits for a command, or until it has started; the first step that fails ends the batch with its status', async () => {
  await using home = createHome()
  const id = await start(home)
  const {steps, end, exitCode} = await batch(home, id, [
    {command: 'run', text: 'x=7; echo "x is $x"'},
    {command: 'run', text: 'read -r line; exit_with() { return "$1"; }; exit_with $x$line', wait: false},
    {command: 'type', text: '0\r'},
    {command: 'wait', exit: true},
    {command: 'run', text: 'exit_with 23'},
    {command: 'run', text: 'echo never'},
  ])
  expect(steps.map(({status}) => status)).toEqual(['done', 'done', 'done', 'done', 'failed', 'not-run'])
  expect(steps[0]).toMatchObject({result: {status: 'complete', exit_code: 0}})
  expect(steps[4]).toMatchObject({error: {code: 'command_failed', message: 'The command exited with 23'}})
  expect(end).toMatchObject({ok: true, result: {done: 4, failed: 1, not_run: 1}})
  expect(exitCode).toBe(23)
  expect((await home.holdfast(['show', id])).stdout).not.toContain('never')
})

test('without --json, steps are lines of text, with the screen of a snapshot', async () => {
  await using home = createHome()
  const id = await start(home, 'sh', '-c', 'echo hello; read -r line')
  const stdin = lines(
    {command: 'wait', text: 'hello'},
    {command: 'snapshot'},
    {command: 'keys', keys: ['ctrl+1']},
    {command: 'snapshot'},
  )
  const {stdout, stderr, exitCode} = await home.holdfast(['batch', id], {stdin})
  expect(stdout).toMatch(
    /^1 wait: done, .*\n2 snapshot: done, .*\nhello\n[^]*3 keys: failed, .*: expected a key that a terminal can send, got `ctrl\+1`\n4 snapshot: not run\n$/,
  )
  expect({stderr, exitCode}).toEqual({
    stderr: 'holdfast: step 3: Expected a key that a terminal can send, got `ctrl+1`\n',
    exitCode: 2,
  })
})

test('nothing is done where a line is no step', async () => {
  await using home = createHome()
  const id = await start(home, 'cat')
  const stdin = `${lines({command: 'keys', keys: ['hello', 'Enter']})}\n{"command":"wiat","text":"x"}\n`
  expect(await home.holdfast(['batch', id], {stdin})).toMatchObject({
    stdout: '',
    stderr:
      'holdfast: line 3: expected "command" to be one of run, keys, type, paste, wait, snapshot, resize, signal, mark\n',
    exitCode: 2,
  })
  expect((await home.holdfast(['snapshot', id])).stdout.trim()).toBe('')
  expect(await home.holdfast(['batch', '--json', id])).toMatchObject({
    stdout: '{"ok":false,"command":"batch","error":{"code":"usage","message":"expected one step a line, got none"}}\n',
    exitCode: 2,
  })
})

test('Ctrl-C interrupts the step in flight, and the later ones do not run', async () => {
  await using home = createHome()
  const id = await start(home, 'cat')
  const running = home.startHoldfast(['batch', '--json', id], {
    stdin: lines({command: 'mark', name: 'begun'}, {command: 'wait', text: 'never'}, {command: 'mark', name: 'late'}),
  })
  await until(() => running.stdout.includes('"step":1'), {what: 'the first step'})
  process.kill(running.child.pid ?? 0, 'SIGINT')
  const {stdout, stderr, exitCode} = await running.ended
  const [, second, third, end] = stdout.split('\n')
  expect(second).toMatch(
    /^\{"step":2,.*"status":"interrupted",.*"error":\{"code":"interrupted","message":"interrupted"\}\}$/,
  )
  expect(third).toMatch(/"status":"not-run"/)
  expect(end).toBe('{"ok":true,"command":"batch","result":{"done":1,"failed":0,"interrupted":1,"not_run":1}}')
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 128 + constants.signals.SIGINT})
  expect((await home.holdfast(['show', id])).stdout).not.toContain('late')
})

test('a batch ends when the reader of its stdout is gone', async () => {
  await using home = createHome()
  const id = await start(home, 'cat')
  const running = home.startHoldfast(['batch', '--json', id], {
    stdin: lines(
      {command: 'mark', name: 'begun'},
      {command: 'wait', idle_ms: 300},
      {command: 'snapshot'},
      {command: 'wait', idle_ms: 300},
      {command: 'wait', text: 'never'},
    ),
  })
  await until(() => running.stdout.includes('"step":1'), {what: 'the first step'})
  running.child.stdout.destroy()
  const {exitCode, stderr} = await running.ended
  expect({exitCode, stderr}).toEqual({exitCode: 128 + constants.signals.SIGPIPE, stderr: ''})
})
