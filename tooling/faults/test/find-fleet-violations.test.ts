import {reduceSession, type NewEvent, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {findFleetViolations, type FleetFacts} from '../fleet/find-fleet-violations.ts'

const info: NewEvent = {type: 'session.info', payload: {title: 't', agent: 'shell', cwd: '/', created_at: 0}}
const queued = (id: string): NewEvent => ({type: 'prompt.queued', payload: {prompt_id: id, text: id, position: 0}})
const start = (id: string): NewEvent => ({type: 'message.start', payload: {prompt_id: id, text: id}})
const delta = (id: string, text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id: id, text}})
const note: NewEvent = {type: 'note', payload: {text: 'Machine m1 is gone', level: 'info'}}
const complete = (id: string, status: 'complete' | 'interrupted' = 'complete'): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id: id, status, duration_ms: 1},
})

const numbered = (events: readonly NewEvent[]): SessionEvent[] =>
  events.map((event, index) => ({...event, session_id: 's', seq: index + 1, at: index}))

/** On m1, a is complete and b running when m1 dies; m2 takes the session over. */
const onFirst = [info, queued('a'), start('a'), delta('a', '1\r\n'), complete('a'), queued('b'), start('b')]
const events = [...onFirst, note, complete('b', 'interrupted')]

function factsOf(given: readonly NewEvent[] = events, changes: Partial<FleetFacts> = {}): FleetFacts {
  const log = numbered(given)
  return {
    log,
    state: log.reduce<SessionState | undefined>(reduceSession, undefined),
    accepted: new Set(['a', 'b']),
    effects: [
      {id: 'a', version: 1},
      {id: 'b', version: 1},
    ],
    written: new Map([['a', '1\n']]),
    received: [{client: 'client 1', afterSeq: 0, events: log, isLast: true}],
    leftProcesses: [],
    writes: [
      {epoch: 1, machine: 'm1'},
      {epoch: 1, machine: 'm1'},
      {epoch: 2, machine: 'm2'},
    ],
    logs: [
      {
        machine: 'm1',
        isSetAside: true,
        events: [...log.slice(0, 7), ...numbered([...onFirst, complete('b')]).slice(7)],
      },
      {machine: 'm2', isSetAside: false, events: log},
    ],
    unshipped: new Map([['m1', [8]]]),
    ...changes,
  }
}

test('finds nothing where every guarantee holds', () => {
  expect(findFleetViolations(factsOf())).toEqual([])
})

const broken: [string, FleetFacts, string][] = [
  [
    'an accepted prompt that the cluster does not have',
    factsOf(undefined, {accepted: new Set(['a', 'b', 'c'])}),
    'Expected 1 × `prompt.queued` of c, found 0',
  ],
  [
    'a prompt that ran on two machines',
    factsOf(undefined, {effects: ['a', 'b', 'b'].map((id) => ({id, version: 1}))}),
    'Expected 0 to 1 × effect of b, found 2',
  ],
  [
    'a prompt that ran, and whose start is on no other machine',
    factsOf([...onFirst.slice(0, -1), note, complete('b', 'interrupted')], {logs: []}),
    'Expected 0 × effect of b, found 1',
  ],
  [
    'a gap in the log',
    {...factsOf(), log: factsOf().log.toSpliced(7, 1), logs: [], received: []},
    'Expected seq 8 in the log, found 9',
  ],
  [
    'an event that a client was shown, and that is in no log any more',
    factsOf(undefined, {
      received: [{client: 'client 1', afterSeq: 0, isLast: false, events: numbered([...onFirst, complete('b')])}],
    }),
    'Expected client 1 to receive {"type":"note"',
  ],
  [
    'two writers in an epoch',
    factsOf(undefined, {writes: ['m1', 'm2'].map((machine) => ({epoch: 1, machine}))}),
    'Expected m1 alone to write in epoch 1, found m2',
  ],
  [
    'a writer that was replaced, and counts',
    factsOf(undefined, {writes: [2, 1].map((epoch) => ({epoch, machine: `m${epoch}`}))}),
    'Expected nothing of epoch 1 to count after epoch 2',
  ],
  [
    'a log that goes its own way',
    factsOf(undefined, {logs: factsOf().logs.map((log) => ({...log, isSetAside: false}))}),
    'Expected event 8 of m1 to be that of the cluster, or its log to be set aside',
  ],
  [
    'events that were not sent, and are hidden',
    factsOf(undefined, {unshipped: new Map()}),
    'Expected `fleet unshipped` on m1 to name event 8',
  ],
  [
    'a process that is left',
    factsOf(undefined, {leftProcesses: ['host 7']}),
    'Expected no process to be left, found host 7',
  ],
]

test.each(broken)('finds %s', (_, facts, violation) => {
  expect(findFleetViolations(facts)).toContainEqual(expect.stringContaining(violation))
})
