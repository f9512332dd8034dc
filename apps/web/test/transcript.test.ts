import type {NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {Block} from '../src/transcript/block.ts'
import {createTranscript} from '../src/transcript/create-transcript.ts'
import {agentInfo, begin, end, numbered, print, shellInfo} from './fixtures/events.ts'

/** A block in a few words. */
function say(block: Block): string {
  switch (block.kind) {
    case 'prompt':
      return `prompt ${block.text}`
    case 'output':
      return `output ${block.output.lines.map(({segments}) => segments.map(({text}) => text).join('')).join('|')}`
    case 'answer':
      return `answer ${[...block.finished, ...block.unfinished].map((part) => (part.kind === 'text' ? part.source : part.line)).join('|')}`
    case 'end':
      return `end ${block.payload.exit_code ?? block.payload.status}`
    case 'agent':
      return `agent ${block.part.kind}`
    case 'note':
      return `note ${block.text}`
    case 'closed':
      return 'closed'
  }
}

function blocksOf(events: readonly NewEvent[], info = shellInfo): string[] {
  const transcript = createTranscript()
  for (const event of numbered(events)) transcript.add(event, info)
  return transcript.view().blocks.map(say)
}

test('a run is a prompt, its output and its end', () => {
  const events = [
    begin('a', 'make'),
    print('a', 'one\r\n'),
    print('a', 'two\r\n'),
    end('a', 2),
    begin('b', 'ls'),
    end('b', 0),
  ]
  expect(blocksOf(events)).toEqual(['prompt make', 'output one|two', 'end 2', 'prompt ls', 'end 0'])
})

test('what an agent says around a tool are two texts', () => {
  const tool = {prompt_id: 'a', tool_call_id: 't', title: 'Edit', kind: 'edit'}
  const events: NewEvent[] = [
    begin('a', 'mend it'),
    print('a', 'I look.'),
    {type: 'tool.call', payload: tool},
    {type: 'tool.update', payload: {...tool, status: 'completed'}},
    print('a', '# Done\n\nIt '),
    print('a', 'works.'),
    end('a'),
  ]
  expect(blocksOf(events, agentInfo)).toEqual([
    'prompt mend it',
    'answer I look.',
    'agent tool',
    'answer # Done|It works.',
    'end complete',
  ])
})

test('the command of an agent’s shell is output, not Markdown', () => {
  const events: NewEvent[] = [
    {type: 'message.start', payload: {prompt_id: 'a', text: '! ls', in_shell: true}},
    print('a', '# no heading\n'),
    end('a', 0),
  ]
  expect(blocksOf(events, agentInfo)).toEqual(['prompt ! ls', 'output # no heading', 'end 0'])
})

test('a prompt that was withdrawn leaves nothing; background output stands alone', () => {
  const withdrawn: NewEvent = {
    type: 'message.complete',
    payload: {prompt_id: 'b', status: 'cancelled', reason: 'withdrawn'},
  }
  const events: NewEvent[] = [
    begin('a', 'x'),
    withdrawn,
    end('a', 0),
    {type: 'background.output', payload: {text: 'job\n'}},
  ]
  expect(blocksOf(events)).toEqual(['prompt x', 'end 0', 'output job'])
})

test('older events come before, and all blocks are as if they had been read at once', () => {
  const events = numbered([
    begin('a', 'make'),
    print('a', 'one\n'),
    print('a', 'two\n'),
    end('a', 0),
    begin('b', 'ls'),
    end('b', 1),
  ])
  const whole = createTranscript()
  for (const event of events) whole.add(event, shellInfo)
  for (let at = 1; at < events.length; at++) {
    const paged = createTranscript()
    for (const event of events.slice(at)) paged.add(event, shellInfo)
    expect(paged.view().hasOlder).toBe(true)
    paged.prepend(events.slice(0, at))
    expect(paged.view().blocks.map(say)).toEqual(whole.view().blocks.map(say))
    expect(paged.view().hasOlder).toBe(false)
  }
})

test('an event that comes again is ignored, and a block that has not changed is the same', () => {
  const events = numbered([begin('a', 'make'), print('a', 'one\n'), print('a', 'two\n')])
  const transcript = createTranscript()
  for (const event of events.slice(0, 2)) transcript.add(event, shellInfo)
  const first = transcript.view()
  for (const event of events.slice(0, 2)) transcript.add(event, shellInfo)
  expect(transcript.view()).toBe(first)
  transcript.add(events[2]!, shellInfo)
  const second = transcript.view()
  expect(second.blocks[0]).toBe(first.blocks[0])
  expect(second.blocks[1]).not.toBe(first.blocks[1])
  expect(second.blocks[1]?.id).toBe(first.blocks[1]?.id)
})

test('a flood is bounded: the oldest events go, and can be read again', () => {
  const transcript = createTranscript()
  const text = 'x'.repeat(64 * 1024)
  const events = numbered([begin('a', 'yes'), ...Array.from({length: 1000}, () => print('a', `${text}\n`))])
  for (const event of events) transcript.add(event, shellInfo)
  expect(transcript.events.length).toBeLessThan(500)
  expect(transcript.lastSeq).toBe(1001)
  expect(transcript.view().hasOlder).toBe(true)
})
