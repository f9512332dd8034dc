import type {NewEvent} from '@holdfast/protocol'
import xterm from '@xterm/headless'
import {expect, test} from 'vitest'

import type {CastEvent} from '../../src/export/asciicast.ts'
import {createCastReader} from '../../src/export/cast-reader.ts'

const info = {title: 'one', agent: 'shell', cwd: '/', created_at: 0}
const ofShell: NewEvent = {type: 'session.info', payload: info}
const prompt_id = 'p'
const start = (text: string, size = {cols: 30, rows: 8}): NewEvent => ({
  type: 'message.start',
  payload: {prompt_id, text, ...size},
})
const delta = (text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text}})
const end: NewEvent = {type: 'message.complete', payload: {prompt_id, status: 'complete', exit_code: 0}}

/** Events that are committed one second after the other. */
function read(...events: readonly NewEvent[]): CastEvent[] {
  const reader = createCastReader()
  return events.flatMap((event, index) =>
    reader.read({...event, session_id: '0123456789', seq: index + 1, at: 1000 * (index + 1)}),
  )
}

/** The rows that are not empty, of a terminal that plays a recording. */
async function play(cast: readonly CastEvent[]): Promise<{rows: string[]; type: string}> {
  const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true})
  for (const {kind, text} of cast) {
    if (kind === 'output') await new Promise<void>((resolve) => terminal.write(text, resolve))
    const [cols = 0, rows = 0] = text.split('x').map(Number)
    if (kind === 'resize') terminal.resize(cols, rows)
  }
  const {active} = terminal.buffer
  const rows = Array.from({length: active.length}, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
  return {rows: rows.map((row) => row.trimEnd()).filter((row) => row !== ''), type: active.type}
}

test('each prompt has a line of its own and a marker, wherever the output before it has ended', async () => {
  const cast = read(ofShell, start('ls'), delta('no line end'), end, start('pwd\necho'), delta('/tmp\r\n'), end)
  const background: NewEvent = {type: 'background.output', payload: {text: 'a job'}}
  const more = read(ofShell, start('ls'), delta('a\r\n'), end, background, start('cd'), end)
  expect(await play(cast)).toEqual({rows: ['❯ ls', 'no line end', '❯ pwd', 'echo', '/tmp'], type: 'normal'})
  expect(await play(more)).toEqual({rows: ['❯ ls', 'a', 'a job', '❯ cd'], type: 'normal'})
  expect(cast.filter(({kind}) => kind !== 'output')).toEqual([
    {at: 2000, kind: 'resize', text: '30x8'},
    {at: 2000, kind: 'marker', text: 'ls'},
    {at: 5000, kind: 'marker', text: 'pwd ⏎ echo'},
  ])
})

test('frames have their own times, which never go back, and come between the output of the normal screen', () => {
  const drawn: NewEvent = {
    type: 'screen.drawn',
    payload: {
      frames: [
        {ago_ms: 1500, text: 'first'},
        {ago_ms: 200, base64: Buffer.from('é').subarray(0, 1).toString('base64')},
        {ago_ms: 100, base64: Buffer.from('é').subarray(1).toString('base64')},
      ],
    },
  }
  const cast = read(ofShell, start('vim'), delta('\x1b[?1049h'), drawn, delta('\x1b[?1049l'))
  expect(cast.filter(({kind}) => kind === 'output').slice(1)).toEqual([
    {at: 3000, kind: 'output', text: '\x1b[?1049h'},
    {at: 3000, kind: 'output', text: 'first'},
    {at: 3900, kind: 'output', text: 'é'},
    {at: 5000, kind: 'output', text: '\x1b[?1049l'},
  ])
})

test('what a program leaves set, also because its host died, is restored before the next prompt', async () => {
  const cast = read(ofShell, start('vim'), delta('\x1b[?1049h\x1b[?25l\x1b[31m'), end, start('ls'))
  expect(await play(cast)).toEqual({rows: ['❯ vim', '❯ ls'], type: 'normal'})
  expect(cast.map(({text}) => text).join('')).toContain('\x1b[?25h')
})

test('a session with one program has its output alone, without the queries to the terminal', () => {
  const ofProgram: NewEvent = {type: 'session.info', payload: {...info, program: ['top']}}
  expect(read(ofProgram, start('top', {cols: 80, rows: 24}), delta('\x1b[6nload'))).toEqual([
    {at: 3000, kind: 'output', text: 'load'},
  ])
})

test('lines of a coding agent, which has no terminal, begin at the first column', async () => {
  const ofAgent: NewEvent = {type: 'session.info', payload: {...info, agent: 'claude'}}
  const said: NewEvent = {type: 'message.start', payload: {prompt_id, text: 'hello'}}
  const cast = read(ofAgent, said, delta('one\ntwo\n'), end)
  expect(await play(cast)).toEqual({rows: ['❯ hello', 'one', 'two'], type: 'normal'})
})

test('marks, and what is not in the log, are markers', () => {
  const cast = read(
    ofShell,
    {type: 'session.marked', payload: {name: 'here'}},
    {type: 'screen.elided', payload: {}},
    {type: 'screen.elided', payload: {bytes: 2048}},
    {type: 'output.elided', payload: {prompt_id, bytes: 4096}},
    {type: 'event.lost', payload: {}},
    {type: 'event.lost', payload: {}},
  )
  expect(cast.map(({kind, text}) => [kind, text])).toEqual([
    ['marker', 'here'],
    ['marker', '… what the program draws from here on was not kept …'],
    ['marker', '… 2.0 KiB of output were not kept …'],
    ['marker', '… 4.0 KiB of output were not kept …'],
    ['marker', '… part of the log was damaged and is lost …'],
  ])
})
