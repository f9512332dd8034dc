import {existsSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'

/** Runs a command with `--json`: stdout is one object, and stderr is empty. */
async function ask(home: Home, ...args: string[]) {
  const [command = '', ...rest] = args
  const {stdout, stderr, exitCode} = await home.holdfast([command, '--json', ...rest])
  expect({stderr, lines: stdout.split('\n').length}).toEqual({stderr: '', lines: 2})
  return {...(JSON.parse(stdout) as {ok: boolean; command: string; result?: object; error?: object}), exitCode}
}
const result = (command: string, value: object) => ({ok: true, command, result: value, exitCode: 0})
const error = (command: string, code: string, message: RegExp, exitCode: number) => ({
  ok: false,
  command,
  error: {code, message: expect.stringMatching(message) as string},
  exitCode,
})
const number = expect.any(Number) as number

test('commands print their result in one envelope', async () => {
  await using home = createHome()
  const made = await ask(
    home,
    'new',
    '--',
    'sh',
    '-c',
    'trap "echo got it" USR1; echo ready; while :; do read line; done',
  )
  expect(made).toEqual(result('new', {session_id: expect.stringMatching(/^[0-9a-z]{10}$/) as string}))
  const {session_id: id} = made.result as {session_id: string}
  expect(await ask(home, 'wait', id, '--text', 'ready')).toEqual(result('wait', {timed_out: false}))
  expect(await ask(home, 'wait', id, '--text', 'never', '--timeout', '20')).toEqual({
    ...result('wait', {timed_out: true}),
    exitCode: 11,
  })
  expect(await ask(home, 'send', id, 'é')).toEqual(result('send', {bytes: 3}))
  expect(await ask(home, 'keys', id, 'x', 'Enter')).toEqual(result('keys', {screen_version: number}))
  expect(await ask(home, 'signal', id, 'usr1')).toEqual(result('signal', {signal: 'SIGUSR1', screen_version: number}))
  expect(await ask(home, 'wait', id, '--text', 'got it')).toMatchObject({ok: true})
  expect(await ask(home, 'resize', id, '60x10')).toEqual(result('resize', {}))
  expect(await ask(home, 'snapshot', id)).toMatchObject({ok: true, result: {cols: 60, rows: 10}})
  for (const [command, format, name] of [
    ['screenshot', 'svg', 'screen.svg'],
    ['record', 'asciicast', 'session.cast'],
    ['export', 'markdown', 'session.md'],
  ] as const) {
    const output = join(home.project, name)
    expect(await ask(home, command, id, '--output', output)).toEqual(result(command, {format, output}))
    expect(existsSync(output)).toBe(true)
    expect(await ask(home, command, id)).toEqual(error(command, 'usage', /^expected --output FILE with --json/, 2))
  }
  expect(await ask(home, 'mark', id, 'half', 'way')).toEqual(result('mark', {name: 'half way', seq: number}))
  expect(await ask(home, 'rename', id, 'A', 'name')).toEqual(result('rename', {title: 'A name'}))
  expect(await ask(home, 'tag', id, '#web')).toEqual(result('tag', {tags: ['web']}))
  expect(await ask(home, 'delete', id)).toEqual(error('delete', 'not_allowed', /is open: `holdfast close/, 4))
  expect(await ask(home, 'close', '0000000000', id)).toEqual({
    ...result('close', {
      closed: [id],
      not_closed: [
        {
          session_id: '0000000000',
          code: 'session_not_found',
          message: expect.stringMatching(/^There is no session 0000000000; /) as string,
        },
      ],
    }),
    exitCode: 3,
  })
  expect(await ask(home, 'keys', id, 'x')).toEqual(error('keys', 'session_closed', /closed/, 4))
  expect(await ask(home, 'delete', id)).toEqual(result('delete', {deleted: [id]}))
  expect(await ask(home, 'rename', id, 'x')).toEqual(error('rename', 'session_not_found', /no session/, 3))
})

test('errors of usage, of the state and of the gateway have their code and exit status', async () => {
  await using home = createHome()
  const {result: made} = await ask(home, 'new', '--', 'cat')
  const {session_id: id} = made as {session_id: string}
  for (const [args, message] of [
    [['keys', id, 'ctrl+1'], /a key that a terminal can send/],
    [['keys', id, 'Entr'], /did you mean `Enter`/],
    [['keys', id], /^expected keys, or --paste; `holdfast keys --help` shows its usage$/],
    [['keys', id, '--paste', 'missing'], /^`missing` cannot be pasted: there is no such file$/],
    [['keys', '--nope', id, 'x'], /^unknown option '--nope'/],
    [['wait', id], /^expected one of --text, --regex/],
    [['resize', id, '10'], /Expected columns and rows/],
    [['signal', id, 'NOPE'], /a signal such as TERM/],
    [['snapshot', id, '--format', 'text'], /'--format <FORMAT>' cannot be used with option '--json'/],
    [['close'], /^expected ids of sessions, or --all/],
  ] as const)
    expect(await ask(home, ...args)).toEqual(error(args[0], 'usage', message, 2))
  await home.holdfast(['keys', id, 'C-d'])
  expect(await ask(home, 'wait', id, '--exit')).toMatchObject({ok: true})
  expect(await ask(home, 'wait', id, '--text', 'x')).toEqual(
    error('wait', 'program_ended', /ended before the condition was met/, 4),
  )
  expect(await ask(home, 'new', '--cwd', '/no/such', '--', 'cat')).toMatchObject({
    error: {code: 'folder_not_found'},
    exitCode: 1,
  })
  expect(await ask(home, 'rename', '--connect', 'ws://127.0.0.1:1', id, 'x')).toEqual(
    error('rename', 'gateway_unavailable', /^no gateway/, 6),
  )
})

test('what follows `--`, or the name of a program, is not for holdfast', async () => {
  await using home = createHome()
  const {stdout} = await home.holdfast(['new', 'echo', '--json'])
  expect(stdout).toMatch(/^[0-9a-z]{10}\n$/)
  const unknown = await home.holdfast(['keys', '0000000000', '--nope', '--', '--json'])
  expect(unknown).toMatchObject({stdout: '', stderr: expect.stringMatching(/unknown option/) as string, exitCode: 2})
})
