import {stripVTControlCharacters} from 'node:util'

import type {NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createTranscript} from '../../src/ui/create-transcript.ts'
import {clearedScreen} from '../../src/ui/transcript.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'
import {withoutPlaces} from '../fixtures/without-places.ts'

const prompt_id = 'p'
const info = {title: 'project', agent: 'scripted', cwd: '/project', created_at: 0}
const start = (inShell?: true): NewEvent => ({
  type: 'message.start',
  payload: {prompt_id, text: 'do it', ...(inShell && {in_shell: inShell})},
})
const say = (text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text}})
const call = (title: string, status = 'pending'): NewEvent => ({
  type: 'tool.call',
  payload: {prompt_id, tool_call_id: title, title, status},
})
const complete: NewEvent = {type: 'message.complete', payload: {prompt_id, status: 'complete', duration_ms: 1200}}

/** The lines of a transcript, as they are written. */
async function write(events: readonly NewEvent[], expected = info): Promise<{lines: string[]; raw: string[]}> {
  const transcript = createTranscript({size: {cols: 80, rows: 24}, depth: 24, paint: () => plainPaint, onChange() {}})
  events.forEach((event, index) => {
    transcript.takeEvent({...event, session_id: '0123456789', seq: index + 1, at: 0}, expected)
  })
  await transcript.settled
  const raw = transcript.takeLines()
  return {lines: raw.map((line) => withoutPlaces(stripVTControlCharacters(line))), raw}
}

test('text, tools and text stand in their order; a tool ends a line that the agent has not ended', async () => {
  const {lines} = await write([
    start(),
    say('I look'),
    call('Read a.ts', 'completed'),
    say('It is\nfi'),
    say('ne.'),
    {type: 'note', payload: {text: 'a note', level: 'info'}},
    say('Done'),
    complete,
  ])
  expect(lines).toEqual(['', '❯ do it', 'I look', '⚙ Read a.ts', 'It is', 'fine.', 'a note', 'Done', '✓ 1.2 s'])
})

test('thoughts, a plan, a content and a death stand where they happened', async () => {
  const {lines} = await write([
    start(),
    {type: 'thought.delta', payload: {prompt_id, text: 'hm\nwel'}},
    {type: 'thought.delta', payload: {prompt_id, text: 'l'}},
    say('So: '),
    {type: 'message.content', payload: {prompt_id, content: {type: 'image', mimeType: 'image/png'} as {type: string}}},
    {type: 'plan.updated', payload: {prompt_id, entries: [{content: 'Go', priority: 'low', status: 'pending'}]}},
    say('part'),
    {type: 'agent.exited', payload: {reason: 'killed by SIGKILL'}},
    {type: 'message.complete', payload: {prompt_id, status: 'interrupted', reason: 'agent-died'}},
  ])
  expect(lines.slice(2)).toEqual([
    '✻ Thought · Ctrl-] shows it',
    'So:',
    '[image/png]',
    'part',
    'The agent died: killed by SIGKILL.',
    'Plan · 0 of 1',
    '  ☐ Go',
    '■ interrupted: the agent died',
  ])
})

test('of what an agent says, only text reaches the terminal, and it cannot clear the screen', async () => {
  const evil = 'one\u001b[2J\u001b[H\u001b]0;owned\u0007\u001b[?1049h\u001b[A \u001b[31mred\u001b[0m two\n'
  for (const events of [[say(evil)], evil.split('').map(say)]) {
    const {lines, raw} = await write([start(), ...events, complete])
    expect(lines).toEqual(['', '❯ do it', 'one red two', '✓ 1.2 s'])
    expect(raw).not.toContain(clearedScreen)
  }
})

test('a command in the session of an agent is drawn as in a shell', async () => {
  const {lines} = await write([start(true), say('10 %\r\u001b[Kone\r\ntwo'), say('\u001b[1A\rONE\r\n\n'), complete])
  expect(lines.slice(2, 4)).toEqual(['ONE', 'two'])
})

test('what an agent says after its answer is text of its own', async () => {
  const {lines} = await write([
    start(),
    say('answer'),
    {type: 'background.output', payload: {text: 'late\n'}},
    say('more'),
    complete,
  ])
  expect(lines.slice(2)).toEqual(['answer', 'late', 'more', '✓ 1.2 s'])
})

test('a long answer is shown whole, and a tool behind it follows', async () => {
  const {lines} = await write([start(), say('line\n'.repeat(1000)), call('Look'), say('the end'), complete])
  expect(lines.filter((line) => line === 'line')).toHaveLength(1000)
  expect(lines.slice(-3)).toEqual(['the end', '⚙ Look · outcome unknown', '✓ 1.2 s'])
})
