import {createSessionId, encodeOutput, type NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createLineSearch, type SearchHit} from '../src/stored-sessions/search-lines.ts'

const info: NewEvent = {
  type: 'session.info',
  payload: {title: 'one', agent: 'shell', cwd: '/tmp', created_at: 1},
}
const queued = (prompt_id: string, text: string): NewEvent => ({
  type: 'prompt.queued',
  payload: {prompt_id, text, position: 0},
})
const start = (prompt_id: string, text: string): NewEvent => ({type: 'message.start', payload: {prompt_id, text}})
const delta = (prompt_id: string, text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text}})
const complete = (prompt_id: string): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id, status: 'complete', exit_code: 0, duration_ms: 3},
})

function search(words: string[], events: NewEvent[]): SearchHit[] {
  const found = createLineSearch(words, 100)
  const session_id = createSessionId()
  const hits = events.flatMap((event, index) => found.take({...event, session_id, seq: index + 1, at: 7}))
  return [...hits, ...found.flush()]
}

const textsOf = (hits: SearchHit[]) => hits.map(({text}) => text)

test('finds the lines that contain all words, in whatever order and case', () => {
  const output = 'one error in main.c\nError: none\nmain: an ERROR\n'
  expect(search(['error', 'MAIN'], [info, delta('a', output)])).toEqual([
    {seq: 2, at: 7, prompt_id: 'a', text: 'one error in main.c'},
    {seq: 2, at: 7, prompt_id: 'a', text: 'main: an ERROR'},
  ])
})

test('looks in titles, prompts, notes and output, in each once', () => {
  const note: NewEvent = {type: 'note', payload: {text: 'the one note', level: 'info'}}
  const events = [info, queued('a', 'grep one'), start('a', 'grep one'), delta('a', 'one\n'), complete('a'), note]
  expect(search(['one'], events).map(({seq, text}) => [seq, text])).toEqual([
    [1, 'one'],
    [2, 'grep one'],
    [4, 'one'],
    [6, 'the one note'],
  ])
})

test('finds a line of output wherever it was cut, also one that has no end', () => {
  const text = 'first\nsecond needle line\nlast needle'
  for (let cut = 0; cut <= text.length; cut++) {
    const events = [delta('a', text.slice(0, cut)), delta('a', text.slice(cut))]
    expect(textsOf(search(['needle'], events))).toEqual(['second needle line', 'last needle'])
  }
  expect(search(['needle'], [delta('a', 'x needle'), complete('a'), delta('b', 's\n')]).map(({seq}) => seq)).toEqual([
    1,
  ])
})

test('finds the text on the screen: without colours, and each line of a progress bar', () => {
  const events = [delta('a', '\u001b[31mer\u001b[1mror\u001b[0m: gone\r\n10 %\r20 % done\r')]
  expect(textsOf(search(['error'], events))).toEqual(['error: gone'])
  expect(textsOf(search(['20'], events))).toEqual(['20 % done'])
})

test('returns the part of a long line around the first word, and searches an endless line piece by piece', () => {
  const [hit] = search(['needle'], [delta('a', `${'x'.repeat(9000)} needle ${'\u{1f980}'.repeat(9000)}\n`)])
  expect(hit?.text).toContain(' needle \u{1f980}')
  expect(hit?.text.length).toBeLessThanOrEqual(300)
  const endless = Array.from({length: 100}, () => delta('a', 'x'.repeat(16_000)))
  expect(search(['needle'], [...endless, delta('a', 'needle')])).toHaveLength(1)
})

test('output that is not text is looked through as far as it is', () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(' needle\n')])
  const event: NewEvent = {type: 'message.delta', payload: {prompt_id: 'a', ...encodeOutput(bytes)}}
  expect(textsOf(search(['needle'], [event]))).toEqual(['\ufffd\ufffd needle'])
})

test('finds what a coding agent thinks and does, each line once in a prompt', () => {
  const tool = {prompt_id: 'a', tool_call_id: 't1'}
  const diff = {type: 'diff', path: '/src/needle.ts', oldText: 'a', newText: 'const needle = 1\n'}
  const shown = {type: 'content', content: {type: 'text', text: 'one\nneedle two'}}
  const entries = [{content: 'look for the needle', priority: 'high', status: 'pending'}]
  const events: NewEvent[] = [
    start('a', 'go'),
    {type: 'thought.delta', payload: {prompt_id: 'a', text: 'the nee'}},
    {type: 'terminal.output', payload: {terminal_id: 'x', text: 'a needle'}},
    {type: 'thought.delta', payload: {prompt_id: 'a', text: 'dle is thin\n'}},
    {type: 'terminal.output', payload: {terminal_id: 'x', text: ' in the hay'}},
    {type: 'terminal.exited', payload: {terminal_id: 'x', exit_code: 0}},
    {type: 'plan.updated', payload: {prompt_id: 'a', entries}},
    {type: 'plan.updated', payload: {prompt_id: 'a', entries}},
    {type: 'tool.call', payload: {...tool, title: 'Search needle', raw_input: {command: ['rg', 'needle']}}},
    {type: 'tool.update', payload: {...tool, title: 'Search needle', content: [shown, diff]}},
    {type: 'tool.update', payload: {...tool, content: [shown, diff]}},
  ]
  expect(search(['needle'], events).map(({seq, text}) => [seq, text])).toEqual([
    [4, 'the needle is thin'],
    [5, 'a needle in the hay'],
    [7, 'look for the needle'],
    [9, 'Search needle'],
    [9, 'rg needle'],
    [10, 'needle two'],
    [10, '/src/needle.ts'],
    [10, 'const needle = 1'],
  ])
})

test('of more texts than it keeps, the one that went on longest ago ends', () => {
  const piece = (id: number): NewEvent => ({
    type: 'terminal.output',
    payload: {terminal_id: `${id}`, text: `needle ${id}`},
  })
  const found = search(['needle', '0'], [...Array.from({length: 65}, (_, id) => piece(id)), piece(0)])
  expect(found.map(({text}) => text)).toContain('needle 0')
  expect(found.map(({text}) => text)).not.toContain('needle 0needle 0')
})
