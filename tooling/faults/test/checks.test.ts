import {reduceSession, type NewEvent, type PromptStatus, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {findViolations} from '../checks.ts'
import type {Facts} from '../facts.ts'
import type {Asked} from '../known.ts'

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

/** Two prompts, of which one was interrupted; two clients, of which the first was killed. */
function factsOf(events: readonly NewEvent[] = [info, ...whole, ...cut], changes: Partial<Facts> = {}): Facts {
  const log: SessionEvent[] = events.map((event, index) => ({...event, session_id: 's', seq: index + 1, at: index}))
  const written = new Map([
    ['a', '1\n2\n'],
    ['b', '1\n2\n'],
  ])
  const seen = [
    {client: 'client 1', afterSeq: 0, events: log.slice(0, 3), isLast: false},
    {client: 'client 2', afterSeq: 2, events: log.slice(2), isLast: true},
  ]
  return {
    accepted: ['a', 'b'],
    changes: {withdraw: new Map(), update: new Map(), promote: new Map()},
    drafts: new Map(),
    size: {set: '24 80', found: '24 80'},
    olderLogs: [{format: 2, length: 3, copy: log.slice(0, 3)}],
    log,
    state: log.reduce<SessionState | undefined>(reduceSession, undefined),
    effects: effectsOf('a', 'b'),
    written,
    asked: new Map([['a', {answer: 'yes', read: ['yes'], isTaken: true, isInterrupted: false}]]),
    seen,
    hurtShell: false,
    sockets: {found: 3, most: 3},
    leftProcesses: [],
    leftFiles: [],
    ...changes,
  }
}

const whoSeesAll = {client: 'client 1', afterSeq: 0, isLast: true}

test('finds nothing where all holds', () => {
  expect(findViolations(factsOf())).toEqual([])
})

const told: Asked = {askedAt: 1, doneAt: 2}

function changesOf(asked: {[does in keyof Facts['changes']]?: [string, Asked][]}): Facts['changes'] {
  const {withdraw, update, promote} = asked
  return {withdraw: new Map(withdraw), update: new Map(update), promote: new Map(promote)}
}

/** Two that wait while a runs; the second was moved to the front. */
const promoted = [info, queued('a'), start('a'), queued('b'), queued('c'), updated('c', 0), complete('a')]
const inTurn = [...promoted, start('c'), complete('c'), start('b'), complete('b')]
const notInTurn = [...promoted, start('b'), complete('b'), start('c'), complete('c')]
/** As if nobody had moved it. */
const notMoved = notInTurn.filter(({type}) => type !== 'prompt.updated')
const [whole3, asked3] = [effectsOf('a', 'c', 'b'), changesOf({promote: [['c', {askedAt: 5, doneAt: 5}]]})]

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
    factsOf(undefined, {effects: effectsOf('a', 'b', 'b')}),
    'Expected 0 to 1 × effect of b, found 2',
  ],
  [
    'a command that was not carried out',
    factsOf(undefined, {effects: effectsOf('b')}),
    'Expected 1 × effect of a, found 0',
  ],
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
    String.raw`Expected the output of b to be "1\r\n2\r\n", found "1\r\n3"`,
  ],
  [
    'an event that was shown twice',
    factsOf(undefined, {seen: [{...whoSeesAll, events: [log[0], log[0], ...log.slice(1)]}]}),
    `Expected client 1 to be shown ${JSON.stringify(log[1])} next, found ${JSON.stringify(log[0])}`,
  ],
  [
    'an event that was shown with other content',
    factsOf(undefined, {seen: [{...whoSeesAll, events: log.with(2, {...log[2]!, at: 99})}]}),
    `Expected client 1 to be shown ${JSON.stringify(log[2])} next, found ${JSON.stringify({...log[2], at: 99})}`,
  ],
  [
    'events that the last client was not shown',
    factsOf(undefined, {seen: [{...whoSeesAll, events: log.slice(0, -1)}]}),
    `Expected client 1 to be shown all ${log.length} events, found ${log.length - 1}`,
  ],
  [
    'a prompt that failed',
    factsOf([info, ...whole, queued('b'), start('b'), complete('b', 'failed')]),
    'Expected the end of b to be `complete` or `interrupted`, found `failed`',
  ],
  ['a stray process', factsOf(undefined, {leftProcesses: ['host 7']}), 'Expected no process to be left, found host 7'],
  [
    'a lease that is left',
    factsOf(undefined, {leftFiles: ['s.lock']}),
    'Expected nothing to be left in the folder for what lives, found s.lock',
  ],
  [
    'a withdrawn prompt that ran',
    factsOf(undefined, {changes: changesOf({withdraw: [['b', told]]})}),
    'Expected 0 × effect of b, which was withdrawn, found 1',
  ],
  [
    'a prompt that ran with the text that it had before',
    factsOf(undefined, {changes: changesOf({update: [['b', told]]})}),
    'Expected b to run with text 2, found 1',
  ],
  [
    'a prompt that ran with a text that nobody gave it',
    factsOf(undefined, {effects: [...effectsOf('a'), {id: 'b', version: 2}]}),
    'Expected b to run with text 1, found 2',
  ],
  [
    'a prompt that ran although another was moved before it',
    {...factsOf(notMoved, {effects: effectsOf('a', 'b', 'c'), changes: asked3}), written: new Map()},
    'Expected c, which was moved to the front, to begin before b',
  ],
  [
    'a prompt that began out of its turn',
    {...factsOf(notInTurn, {effects: effectsOf('a', 'b', 'c')}), written: new Map()},
    'Expected c to begin next, with the text that it has, found b',
  ],
  [
    'commands that were carried out in another order',
    {...factsOf(inTurn, {effects: effectsOf('a', 'b', 'c')}), written: new Map()},
    'Expected c to be carried out next, found b',
  ],
  [
    'a draft that is not the last',
    factsOf([info, {type: 'draft.updated', payload: {text: 'one'}}], {
      effects: [],
      accepted: [],
      drafts: new Map([
        ['one', {askedAt: 1, doneAt: 2}],
        ['two', {askedAt: 3, doneAt: 4}],
      ]),
    }),
    'Expected the draft to be the last of [["one",{"askedAt":1,"doneAt":2}],["two",{"askedAt":3,"doneAt":4}]], found "one"',
  ],
  [
    'a draft that is lost',
    factsOf(undefined, {drafts: new Map([['one', told]])}),
    'Expected the draft to be the last of [["one",{"askedAt":1,"doneAt":2}]], found ""',
  ],
  [
    'a size that a command does not find',
    factsOf(undefined, {size: {set: '45 123', found: '24 80'}}),
    'Expected a command to find a screen of 45 123, found 24 80',
  ],
  [
    'a migration without a copy',
    factsOf(undefined, {olderLogs: [{format: 1, length: 3, copy: undefined}]}),
    'Expected a copy of the log of format 1 with its 3 events, found none',
  ],
  [
    'a copy that is not whole',
    factsOf(undefined, {olderLogs: [{format: 1, length: 3, copy: log.slice(0, 2)}]}),
    'Expected a copy of the log of format 1 with its 3 events, found one of 2 events',
  ],
  [
    'an answer that was typed twice',
    factsOf(undefined, {
      asked: new Map([['a', {answer: 'yes', read: ['yes', 'yes'], isTaken: true, isInterrupted: false}]]),
    }),
    'Expected 1 × answer read by a, found 2',
  ],
  [
    'an answer that came to another command',
    factsOf(undefined, {asked: new Map([['a', {answer: 'yes', read: ['no'], isTaken: false, isInterrupted: false}]])}),
    'Expected a to read "yes", found "no"',
  ],
  [
    'a line that is left open',
    factsOf(undefined, {sockets: {found: 4, most: 3}}),
    'Expected at most 3 sockets in the host at rest, found 4',
  ],
]

test.for(planted)('finds %s', ([, facts, violation]) => {
  expect(findViolations(facts)).toContain(violation)
})

test('finds nothing wrong with a prompt that was moved and ran in turn, nor with drafts that were kept at the same time', () => {
  const drafts = new Map([
    ['one', {askedAt: 1, doneAt: 4}],
    ['two', {askedAt: 3}],
    ['three', {askedAt: 2, doneAt: 5}],
  ])
  const events: NewEvent[] = [...inTurn, {type: 'draft.updated', payload: {text: 'one'}}]
  const facts = factsOf(events, {effects: whole3, changes: asked3, drafts, written: new Map(), asked: new Map()})
  expect(findViolations(facts)).toEqual([])
})

test('finds a state that its events do not fold into', () => {
  const {state} = factsOf()
  const [found] = findViolations(factsOf(undefined, {state: {...state!, queue: [{prompt_id: 'a', text: 'a'}]}}))
  expect(found).toMatch(/^Expected the state to be /)
})

test('what the terminal shows of a Ctrl-C is no output, before it nor behind it', () => {
  const early = [queued('b'), start('b'), delta('b', '^C1\r\n^C\r\n'), complete('b', 'interrupted')]
  expect(findViolations(factsOf([info, ...whole, ...early]))).toEqual([])
})

test('an answer that a Ctrl-C overtook may be typed at the shell', () => {
  const said = delta('a', 'bash: nswer: command not found')
  const events = [info, ...whole.toSpliced(4, 0, said), ...cut]
  const asked = (isInterrupted: boolean) => new Map([['a', {answer: 'yes', read: [], isTaken: true, isInterrupted}]])
  expect(findViolations(factsOf(events, {asked: asked(true)}))).toEqual([])
  expect(findViolations(factsOf(events, {asked: asked(false)}))).toHaveLength(2)
})

test('a command may fail when its shell was killed', () => {
  const failed: NewEvent = {
    type: 'message.complete',
    payload: {prompt_id: 'b', status: 'failed', reason: 'shell-killed', duration_ms: 1},
  }
  const events = [info, ...whole, ...cut.slice(0, -1), failed]
  expect(findViolations(factsOf(events, {hurtShell: true}))).toEqual([])
  expect(findViolations(factsOf(events))).toHaveLength(1)
})
