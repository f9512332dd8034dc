import {reduceSession, type NewEvent, type PromptStatus, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {Victim} from '../schedule/schedule.ts'
import type {Requested} from '../session/observations.ts'
import type {Facts} from '../verify/facts.ts'
import {findViolations} from '../verify/find-violations.ts'

const info: NewEvent = {type: 'session.info', payload: {title: 't', agent: 'shell', cwd: '/', created_at: 0}}
const queued = (id: string): NewEvent => ({type: 'prompt.queued', payload: {prompt_id: id, text: id, position: 0}})
const start = (id: string): NewEvent => ({type: 'message.start', payload: {prompt_id: id, text: id}})
const delta = (id: string, text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id: id, text}})
const complete = (id: string, status: PromptStatus = 'complete'): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id: id, status, duration_ms: 1},
})

const updated = (id: string, position: number): NewEvent => ({
  type: 'prompt.updated',
  payload: {prompt_id: id, position},
})
const effectsOf = (...ids: string[]) => ids.map((id) => ({id, version: 1}))

const whole = [queued('a'), start('a'), delta('a', '1\r\n'), delta('a', '2\r\n'), complete('a')]
const cut = [queued('b'), start('b'), delta('b', '1\r\n'), complete('b', 'interrupted')]

/** Two prompts, one of them interrupted; two clients, the first of them killed. */
function factsOf(events: readonly NewEvent[] = [info, ...whole, ...cut], changes: Partial<Facts> = {}): Facts {
  const log: SessionEvent[] = events.map((event, index) => ({...event, session_id: 's', seq: index + 1, at: index}))
  const written = new Map([
    ['a', '1\n2\n'],
    ['b', '1\n2\n'],
  ])
  const received = [
    {client: 'client 1', afterSeq: 0, events: log.slice(0, 3), isLast: false},
    {client: 'client 2', afterSeq: 2, events: log.slice(2), isLast: true},
  ]
  return {
    accepted: new Set(['a', 'b']),
    changes: {withdraw: new Map(), update: new Map(), promote: new Map()},
    drafts: new Map(),
    size: {set: '24 80', found: '24 80'},
    olderLogs: [{format: 2, length: 3, copy: log.slice(0, 3)}],
    log,
    state: log.reduce<SessionState | undefined>(reduceSession, undefined),
    effects: effectsOf('a', 'b'),
    written,
    asked: new Map([['a', {answer: 'yes', read: ['yes'], isTaken: true, isInterrupted: false}]]),
    received,
    answerer: 'shell',
    faulted: new Set(),
    finished: new Set(),
    interrupted: new Set(),
    sockets: {found: 3, most: 3},
    leftProcesses: [],
    leftFiles: [],
    ...changes,
  }
}

const receivesAll = {client: 'client 1', afterSeq: 0, isLast: true}

test('finds nothing where every guarantee holds', () => {
  expect(findViolations(factsOf())).toEqual([])
})

const done: Requested = {requestedAt: 1, doneAt: 2}

function changesOf(requests: {[change in keyof Facts['changes']]?: [string, Requested][]}): Facts['changes'] {
  const {withdraw, update, promote} = requests
  return {withdraw: new Map(withdraw), update: new Map(update), promote: new Map(promote)}
}

/** Two prompts are queued while a runs; the second is promoted. */
const promoted = [info, queued('a'), start('a'), queued('b'), queued('c'), updated('c', 0), complete('a')]
const inOrder = [...promoted, start('c'), complete('c'), start('b'), complete('b')]
const outOfOrder = [...promoted, start('b'), complete('b'), start('c'), complete('c')]
/** Without the promotion. */
const notPromoted = outOfOrder.filter(({type}) => type !== 'prompt.updated')
const promotion = changesOf({promote: [['c', {requestedAt: 5, doneAt: 5}]]})

const {log} = factsOf()
const broken: [string, Facts, string][] = [
  ['a gap in the log', {...factsOf(), log: log.toSpliced(3, 1), received: []}, 'Expected seq 4 in the log, found 5'],
  [
    'a lost prompt',
    factsOf(undefined, {accepted: new Set(['a', 'b', 'c'])}),
    'Expected 1 × `prompt.queued` of c, found 0',
  ],
  [
    'a prompt that was queued twice',
    factsOf([info, queued('a'), ...whole, ...cut]),
    'Expected 1 × `prompt.queued` of a, found 2',
  ],
  [
    'a prompt that started twice',
    factsOf([info, ...whole, start('b'), ...cut]),
    'Expected 0 to 1 × `message.start` of b, found 2',
  ],
  [
    'a prompt without an end',
    factsOf([info, ...whole, ...cut.slice(0, -1)]),
    'Expected 1 × `message.complete` of b, found 0',
  ],
  [
    'a command that ran twice',
    factsOf(undefined, {effects: effectsOf('a', 'b', 'b')}),
    'Expected 0 to 1 × effect of b, found 2',
  ],
  [
    'a complete command that did not run',
    factsOf(undefined, {effects: effectsOf('b')}),
    'Expected 1 × effect of a, found 0',
  ],
  [
    'a command that ran without a start',
    factsOf([info, ...whole, queued('b'), complete('b', 'interrupted')]),
    'Expected 0 × effect of b, found 1',
  ],
  [
    'missing output',
    factsOf([info, ...whole.toSpliced(3, 1), ...cut]),
    String.raw`Expected the output of a to be "1\r\n2\r\n", found "1\r\n"`,
  ],
  [
    'output that an interrupted command did not write',
    factsOf([info, ...whole, ...cut.toSpliced(3, 0, delta('b', '3\r\n'))]),
    String.raw`Expected the output of b to be "1\r\n2\r\n", found "1\r\n3"`,
  ],
  [
    'an event that a client received twice',
    factsOf(undefined, {received: [{...receivesAll, events: [log[0], log[0], ...log.slice(1)]}]}),
    `Expected client 1 to receive ${JSON.stringify(log[1])} next, found ${JSON.stringify(log[0])}`,
  ],
  [
    'an event that a client received with other content',
    factsOf(undefined, {received: [{...receivesAll, events: log.with(2, {...log[2]!, at: 99})}]}),
    `Expected client 1 to receive ${JSON.stringify(log[2])} next, found ${JSON.stringify({...log[2], at: 99})}`,
  ],
  [
    'events that the last client did not receive',
    factsOf(undefined, {received: [{...receivesAll, events: log.slice(0, -1)}]}),
    `Expected client 1 to receive all ${log.length} events, found ${log.length - 1}`,
  ],
  [
    'a prompt that failed',
    factsOf([info, ...whole, queued('b'), start('b'), complete('b', 'failed')]),
    'Expected the end of b to be `complete` or `interrupted`, found `failed`: undefined',
  ],
  ['an orphan', factsOf(undefined, {leftProcesses: ['host 7']}), 'Expected no process to be left, found host 7'],
  [
    'a lock that is left',
    factsOf(undefined, {leftFiles: ['s.lock']}),
    'Expected no socket or lock to be left, found s.lock',
  ],
  [
    'a withdrawn prompt that ran',
    factsOf(undefined, {changes: changesOf({withdraw: [['b', done]]})}),
    'Expected 0 × effect of b, which was withdrawn, found 1',
  ],
  [
    'an updated prompt that ran with its first text',
    factsOf(undefined, {changes: changesOf({update: [['b', done]]})}),
    'Expected b to run with text 2, found 1',
  ],
  [
    'a prompt that ran with a text that it was not given',
    factsOf(undefined, {effects: [...effectsOf('a'), {id: 'b', version: 2}]}),
    'Expected b to run with text 1, found 2',
  ],
  [
    'a prompt that ran before a promoted one',
    {...factsOf(notPromoted, {effects: effectsOf('a', 'b', 'c'), changes: promotion}), written: new Map()},
    'Expected c, which was promoted, to start before b',
  ],
  [
    'a prompt that started out of order',
    {...factsOf(outOfOrder, {effects: effectsOf('a', 'b', 'c')}), written: new Map()},
    'Expected c to start next, with its text in the queue, found b',
  ],
  [
    'commands that ran in another order',
    {...factsOf(inOrder, {effects: effectsOf('a', 'b', 'c')}), written: new Map()},
    'Expected c to run next, found b',
  ],
  [
    'a draft that is not the last one',
    factsOf([info, {type: 'draft.updated', payload: {text: 'one'}}], {
      effects: [],
      accepted: new Set(),
      drafts: new Map([
        ['one', {requestedAt: 1, doneAt: 2}],
        ['two', {requestedAt: 3, doneAt: 4}],
      ]),
    }),
    'Expected the draft to be the last of [["one",{"requestedAt":1,"doneAt":2}],["two",{"requestedAt":3,"doneAt":4}]], found "one"',
  ],
  [
    'a lost draft',
    factsOf(undefined, {drafts: new Map([['one', done]])}),
    'Expected the draft to be the last of [["one",{"requestedAt":1,"doneAt":2}]], found ""',
  ],
  [
    'a terminal size that a command does not find',
    factsOf(undefined, {size: {set: '45 123', found: '24 80'}}),
    'Expected a command to find the terminal size 45 123, found 24 80',
  ],
  [
    'a migration without a copy',
    factsOf(undefined, {olderLogs: [{format: 1, length: 3, copy: undefined}]}),
    'Expected a copy of the log of format 1 with its 3 events, found none',
  ],
  [
    'an incomplete copy',
    factsOf(undefined, {olderLogs: [{format: 1, length: 3, copy: log.slice(0, 2)}]}),
    'Expected a copy of the log of format 1 with its 3 events, found one of 2 events',
  ],
  [
    'an answer that was read twice',
    factsOf(undefined, {
      asked: new Map([['a', {answer: 'yes', read: ['yes', 'yes'], isTaken: true, isInterrupted: false}]]),
    }),
    'Expected 1 × answer read by a, found 2',
  ],
  [
    'an answer that reached another command',
    factsOf(undefined, {asked: new Map([['a', {answer: 'yes', read: ['no'], isTaken: false, isInterrupted: false}]])}),
    'Expected a to read "yes", found "no"',
  ],
  [
    'a socket that is left open',
    factsOf(undefined, {sockets: {found: 4, most: 3}}),
    'Expected at most 3 sockets in the host at rest, found 4',
  ],
]

test.for(broken)('finds %s', ([, facts, violation]) => {
  expect(findViolations(facts)).toContain(violation)
})

test('accepts a promoted prompt that ran in order, and drafts that were saved at the same time', () => {
  const drafts = new Map([
    ['one', {requestedAt: 1, doneAt: 4}],
    ['two', {requestedAt: 3}],
    ['three', {requestedAt: 2, doneAt: 5}],
  ])
  const events: NewEvent[] = [...inOrder, {type: 'draft.updated', payload: {text: 'one'}}]
  const facts = factsOf(events, {
    effects: effectsOf('a', 'c', 'b'),
    changes: promotion,
    drafts,
    written: new Map(),
    asked: new Map(),
  })
  expect(findViolations(facts)).toEqual([])
})

test('finds a state that its events do not reduce to', () => {
  const {state} = factsOf()
  const [found] = findViolations(factsOf(undefined, {state: {...state!, queue: [{prompt_id: 'a', text: 'a'}]}}))
  expect(found).toMatch(/^Expected the state to be /)
})

test('ignores the echo of Ctrl-C before and after the output', () => {
  const early = [queued('b'), start('b'), delta('b', '^C1\r\n^C\r\n'), complete('b', 'interrupted')]
  expect(findViolations(factsOf([info, ...whole, ...early]))).toEqual([])
})

test('the shell may read an answer that a Ctrl-C overtook', () => {
  const said = delta('a', 'bash: nswer: command not found')
  const events = [info, ...whole.toSpliced(4, 0, said), ...cut]
  const asked = (isInterrupted: boolean) => new Map([['a', {answer: 'yes', read: [], isTaken: true, isInterrupted}]])
  expect(findViolations(factsOf(events, {asked: asked(true)}))).toEqual([])
  expect(findViolations(factsOf(events, {asked: asked(false)}))).toHaveLength(2)
})

test('a command may fail if its shell was killed', () => {
  const failed: NewEvent = {
    type: 'message.complete',
    payload: {prompt_id: 'b', status: 'failed', reason: 'shell-killed', duration_ms: 1},
  }
  const events = [info, ...whole, ...cut.slice(0, -1), failed]
  expect(findViolations(factsOf(events, {faulted: new Set<Victim>(['shell'])}))).toEqual([])
  expect(findViolations(factsOf(events))).toHaveLength(1)
})
