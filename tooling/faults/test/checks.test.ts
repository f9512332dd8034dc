import type {NewEvent, PromptStatus, SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {findViolations} from '../checks.ts'
import type {Facts} from '../facts.ts'

const info: NewEvent = {type: 'session.info', payload: {title: 't', agent: 'shell', cwd: '/', created_at: 0}}
const queued = (id: string): NewEvent => ({type: 'prompt.queued', payload: {prompt_id: id, text: id, position: 0}})
const start = (id: string): NewEvent => ({type: 'message.start', payload: {prompt_id: id, text: id}})
const delta = (id: string, text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id: id, text}})
const complete = (id: string, status: PromptStatus = 'complete'): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id: id, status, duration_ms: 1},
})

const whole = [queued('a'), start('a'), delta('a', '1\r\n'), delta('a', '2\r\n'), complete('a')]
const cut = [queued('b'), start('b'), delta('b', '1\r\n'), complete('b', 'interrupted')]

/** Two prompts, of which one was interrupted; two clients, of which the first was killed. */
function factsOf(events: readonly NewEvent[] = [info, ...whole, ...cut], changes: Partial<Facts> = {}): Facts {
  const log: SessionEvent[] = events.map((event, index) => ({...event, session_id: 's', seq: index + 1, at: index}))
  const written = new Map([
    ['a', '1\n2\n'],
    ['b', '1\n2\n'],
  ])
  const seen = [
    {client: 'client 1', events: log.slice(0, 3)},
    {client: 'client 2', events: log},
  ]
  return {accepted: ['a', 'b'], log, effects: ['a', 'b'], written, seen, leftProcesses: [], heldLeases: [], ...changes}
}

test('finds nothing where all holds', () => {
  expect(findViolations(factsOf())).toEqual([])
})

const {log} = factsOf()
const planted: [string, Facts, string][] = [
  ['a gap in the log', {...factsOf(), log: log.toSpliced(3, 1), seen: []}, 'Expected seq 4 in the log, found 5'],
  [
    'an accepted prompt that is lost',
    factsOf(undefined, {accepted: ['a', 'b', 'c']}),
    'Expected 1 × `prompt.queued` of c, found 0',
  ],
  [
    'a prompt that is committed twice',
    factsOf([info, queued('a'), ...whole, ...cut]),
    'Expected 1 × `prompt.queued` of a, found 2',
  ],
  [
    'a prompt that began twice',
    factsOf([info, ...whole, start('b'), ...cut]),
    'Expected 0 to 1 × `message.start` of b, found 2',
  ],
  [
    'a prompt without an end',
    factsOf([info, ...whole, ...cut.slice(0, -1)]),
    'Expected 1 × `message.complete` of b, found 0',
  ],
  [
    'a command that was carried out twice',
    factsOf(undefined, {effects: ['a', 'b', 'b']}),
    'Expected 0 to 1 × effect of b, found 2',
  ],
  ['a command that was not carried out', factsOf(undefined, {effects: ['b']}), 'Expected 1 × effect of a, found 0'],
  [
    'a command that never began, carried out',
    factsOf([info, ...whole, queued('b'), complete('b', 'interrupted')]),
    'Expected 0 × effect of b, found 1',
  ],
  [
    'output that is missing',
    factsOf([info, ...whole.toSpliced(3, 1), ...cut]),
    String.raw`Expected the output of a to be "1\r\n2\r\n", found "1\r\n"`,
  ],
  [
    'output of an interrupted command that it did not write',
    factsOf([info, ...whole, ...cut.toSpliced(3, 0, delta('b', '3\r\n'))]),
    String.raw`Expected the output of b to be "1\r\n2\r\n", found "1\r\n3\r\n"`,
  ],
  [
    'an event that was shown twice',
    factsOf(undefined, {seen: [{client: 'client 1', events: [log[0], log[0], ...log.slice(1)]}]}),
    `Expected client 1 to be shown ${JSON.stringify(log[1])} next, found ${JSON.stringify(log[0])}`,
  ],
  [
    'an event that was shown with other content',
    factsOf(undefined, {seen: [{client: 'client 1', events: log.with(2, {...log[2]!, at: 99})}]}),
    `Expected client 1 to be shown ${JSON.stringify(log[2])} next, found ${JSON.stringify({...log[2], at: 99})}`,
  ],
  [
    'events that the last client was not shown',
    factsOf(undefined, {seen: [{client: 'client 1', events: log.slice(0, -1)}]}),
    `Expected client 1 to be shown all ${log.length} events, found ${log.length - 1}`,
  ],
  [
    'a prompt that failed',
    factsOf([info, ...whole, queued('b'), start('b'), complete('b', 'failed')]),
    'Expected the end of b to be `complete` or `interrupted`, found `failed`',
  ],
  ['a stray process', factsOf(undefined, {leftProcesses: ['host 7']}), 'Expected no process to be left, found host 7'],
  ['a held lease', factsOf(undefined, {heldLeases: ['s.lock']}), 'Expected the lease s.lock to be free, found it held'],
]

test.for(planted)('finds %s', ([, facts, violation]) => {
  expect(findViolations(facts)).toContain(violation)
})
