import {Readable} from 'node:stream'

import type {EventPayload} from '@holdfast/protocol'
import {maxPromptBytes} from '@holdfast/protocol'
import {describe, expect, test} from 'vitest'
import {hasColours, isDumb} from '@holdfast/terminal'

import {spokenResult} from '../../src/talk/spoken-result.ts'
import {readPipedLines} from '../../src/talk/piped-lines.ts'
import {parseTalkLine} from '../../src/talk/talk-commands.ts'
import {whyNoScreen} from '../../src/cli/why-no-screen.ts'

async function readAll(stream: Readable): Promise<string[]> {
  const lines: string[] = []
  for await (const line of readPipedLines(stream)) lines.push(line)
  return lines
}

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  return await readAll(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))
}

describe('lines of a stream', () => {
  test('are the same however they come', async () => {
    const text = 'one\n\n  two 汉字\nthree'
    const lines = ['one', '', '  two 汉字', 'three']
    expect(await linesOf(text)).toEqual(lines)
    expect(await linesOf(`${text}\n`)).toEqual(lines)
    expect(await linesOf(...Array.from(Buffer.from(text), (byte) => Buffer.of(byte)))).toEqual(lines)
    expect(await linesOf()).toEqual([])
  })

  test('are read no further than they are asked for', async () => {
    let read = 0
    const stream = new Readable({
      highWaterMark: 1024,
      read() {
        read += 1024
        this.push(`${'x'.repeat(1023)}\n`)
      },
    })
    const lines = readPipedLines(stream)
    for (let at = 0; at < 3; at++) await lines.next()
    expect(read).toBeLessThan(20_000)
    stream.destroy()
  })

  test('are one clear sentence when one is too long, or the stream fails', async () => {
    for (const line of ['x'.repeat(maxPromptBytes + 1), `${'文'.repeat(maxPromptBytes / 2)}\n`]) {
      await expect(linesOf(line)).rejects.toMatchObject({
        name: 'UserError',
        message: 'expected lines of at most 4194304 bytes on stdin, got a longer one',
      })
    }
    const broken = new Readable({read: () => broken.destroy(new Error('EIO: no more'))})
    await expect(readAll(broken)).rejects.toMatchObject({
      name: 'UserError',
      message: 'stdin cannot be read: EIO: no more',
    })
  })
})

test.for<[Partial<EventPayload<'message.complete'>> & Pick<EventPayload<'message.complete'>, 'status'>, string]>([
  [{status: 'complete', exit_code: 0, duration_ms: 1234}, 'exit 0, 1.2 s'],
  [{status: 'complete', exit_code: 3, duration_ms: 64_000}, 'exit 3, 1 min 04 s'],
  [{status: 'interrupted', reason: 'user', exit_code: 130, duration_ms: 300}, 'interrupted, exit 130, 0.3 s'],
  [
    {status: 'interrupted', reason: 'user', exit_code: 130, lines_entered: 60, lines_total: 100},
    'interrupted, 60 of 100 lines, exit 130',
  ],
  [{status: 'interrupted', reason: 'host-died'}, 'interrupted: the host process died'],
  [
    {status: 'failed', reason: 'shell-killed', signal: 'SIGKILL', duration_ms: 100},
    'failed: the shell was killed, ended by SIGKILL, 0.1 s',
  ],
  [
    {status: 'complete', reason: 'exit-status-unknown', duration_ms: 100},
    'exit status unknown: the hooks of the shell are broken, or an alias or a key binding has changed the line, 0.1 s',
  ],
  [{status: 'complete', duration_ms: 1234}, 'done, 1.2 s'],
  [
    {status: 'complete', reason: 'max_tokens', duration_ms: 1234},
    'stopped: the answer reached the limit of the model, 1.2 s',
  ],
  [{status: 'complete', reason: 'end-lost'}, 'exit status unknown: the log has lost the end of the command'],
])('describes the end of a prompt: %j', ([payload, text]) => {
  expect(spokenResult({prompt_id: 'p', ...payload})).toBe(text)
})

test.for([
  ['/help ', {kind: 'command', name: '/help', argument: ''}],
  ['/quit', {kind: 'command', name: '/quit', argument: ''}],
  ['/agent login key', {kind: 'command', name: '/agent', argument: 'login key'}],
  ['/init', {kind: 'prompt'}],
  ['/bin/ls', {kind: 'prompt'}],
  [' /help', {kind: 'prompt'}],
] as const)('distinguishes slash commands, help and prompts: %j', ([line, read]) => {
  expect(parseTalkLine(line, [{name: 'init'}])).toEqual(read)
})

const terminal = {isTTY: true}
const none = {}

test.for([
  [terminal, terminal, 'xterm', undefined],
  [none, terminal, 'xterm', /needs a terminal, so/],
  [terminal, none, 'xterm', /needs a terminal, so/],
  [terminal, terminal, 'dumb', /\(TERM is dumb\)/],
  [terminal, terminal, undefined, /\(TERM is not set\)/],
  [terminal, terminal, '', /\(TERM is not set\)/],
] as const)('the screen needs a terminal that can move: stdin %j, stdout %j, TERM %j', ([stdin, stdout, TERM, why]) => {
  const reason = whyNoScreen({stdin, stdout, env: {TERM}})
  if (why === undefined) expect(reason).toBeUndefined()
  else expect(reason).toMatch(why)
})

test('prints colours only to terminals that have them, unless NO_COLOR is set', () => {
  expect(hasColours({TERM: 'xterm'})).toBe(true)
  expect(hasColours({TERM: 'xterm', NO_COLOR: ''})).toBe(true)
  expect(hasColours({TERM: 'xterm', NO_COLOR: '1'})).toBe(false)
  expect(hasColours({TERM: 'dumb'})).toBe(false)
  expect([isDumb({TERM: 'unknown'}), isDumb({TERM: 'vt100'})]).toEqual([true, false])
})
