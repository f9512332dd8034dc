import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {explainDeaths, type Fact, formatBreadcrumb, verdicts} from '@holdfast/breadcrumbs'

const noon = Date.UTC(2026, 2, 1, 12)
const [tui, gateway, host] = [70, 71, 72]

interface Said {
  who: string
  pid: number
  generation?: number
  session?: string
}

/** One line, `seconds` after noon. */
function say(seconds: number, by: Said, what: string, facts: Record<string, Fact> = {}): string {
  return formatBreadcrumb({at: noon + seconds * 1000, ...by, what, facts})
}

const theTui: Said = {who: 'tui', pid: tui}
const theGateway: Said = {who: 'gateway', pid: gateway, generation: 1}
const theHost: Said = {who: 'host', pid: host, generation: 1, session: 's_4k'}
const asChild = {child: 'gateway', child_pid: gateway, child_generation: 1}

const tuiStart = say(0, theTui, 'start')
const birth = [tuiStart, say(1, theTui, 'spawn', asChild), say(1, theGateway, 'start')]
const hostBirth = [
  say(2, theGateway, 'spawn', {child: 'host', child_pid: host, child_generation: 1}),
  say(2, theHost, 'start'),
]
const stop = (at: number, reason: string) => say(at, theTui, 'stop', {...asChild, reason})
const sent = (at: number, signal: string, reason: string) => say(at, theTui, 'signal', {...asChild, signal, reason})
const exit = (at: number, facts: Record<string, Fact>) =>
  say(at, theTui, 'child-exit', {...asChild, code: null, signal: null, ...facts})
const ending = (by: Said, at: number, cause: string, facts: Record<string, Fact> = {}) =>
  say(at, by, 'shutdown', {cause, ...facts})
const inferred = (at: number, facts: Record<string, Fact> = {}) =>
  say(at, {who: 'tui', pid: 99}, 'exit-inferred', {
    child: 'tui',
    child_pid: tui,
    started: new Date(noon).toISOString(),
    rebooted: false,
    ...facts,
  })

interface Row {
  title: string
  lines: string[]
  /** Of the last death. */
  is: [who: string, verdict: string, why: string, certainty: string]
}

const gatewayRows: Row[] = [
  {
    title: 'SIGKILL that its parent did not send came from outside',
    lines: [...birth, exit(9, {signal: 'SIGKILL'})],
    is: ['gateway', 'signal', 'SIGKILL', 'shown'],
  },
  {
    title: 'so it did where the parent noticed the end of the line first',
    lines: [...birth, stop(9, 'the peer is gone'), exit(9, {signal: 'SIGKILL', requested: true})],
    is: ['gateway', 'signal', 'SIGKILL', 'shown'],
  },
  {
    title: 'SIGKILL that its parent sent is the parent’s, with its reason',
    lines: [...birth, stop(7, 'unresponsive'), sent(8, 'SIGKILL', 'unresponsive'), exit(9, {signal: 'SIGKILL'})],
    is: ['gateway', 'parent', 'unresponsive', 'shown'],
  },
  {
    title: 'SIGTERM that its parent did not send came from outside',
    lines: [...birth, ending(theGateway, 8, 'signal', {signal: 'SIGTERM'}), exit(9, {code: 143})],
    is: ['gateway', 'signal', 'SIGTERM', 'shown'],
  },
  {
    title: 'also when its parent sent one while it ended',
    lines: [
      ...birth,
      ending(theGateway, 4, 'signal', {signal: 'SIGTERM'}),
      stop(4, 'the peer is gone'),
      sent(6, 'SIGTERM', 'the peer is gone'),
      exit(6, {code: 143}),
    ],
    is: ['gateway', 'signal', 'SIGTERM', 'shown'],
  },
  {
    title: 'SIGTERM that its parent sent is the parent’s, with its reason',
    lines: [
      ...birth,
      stop(6, 'not ready in time'),
      sent(8, 'SIGTERM', 'not ready in time'),
      ending(theGateway, 8, 'signal', {signal: 'SIGTERM'}),
      exit(9, {code: 143}),
    ],
    is: ['gateway', 'parent', 'not ready in time', 'shown'],
  },
  {
    title: 'without any line of its parent, SIGTERM from outside is only suggested',
    lines: [tuiStart, say(1, theGateway, 'start'), ending(theGateway, 8, 'signal', {signal: 'SIGTERM'})],
    is: ['gateway', 'signal', 'SIGTERM', 'suggested'],
  },
  {
    title: 'the end of its stdin while its parent lives is the parent’s doing',
    lines: [...birth, stop(8, 'the session was closed'), ending(theGateway, 8, 'stdin-ended'), exit(9, {code: 0})],
    is: ['gateway', 'parent', 'the session was closed', 'shown'],
  },
  {
    title: 'when its parent left because the user did, both are said',
    lines: [
      ...birth,
      ending(theTui, 8, 'requested', {by: 'user', reason: 'the user left'}),
      stop(8, 'the screen was closed'),
      ending(theGateway, 8, 'stdin-ended'),
      exit(9, {code: 0}),
      say(9, theTui, 'exit', {code: 0}),
    ],
    is: ['gateway', 'parent', 'tui-ended', 'shown'],
  },
  {
    title: 'when its parent was killed, that is inferred',
    lines: [...birth, ending(theGateway, 8, 'requested', {by: 'parent', reason: 'stdin ended'}), inferred(500)],
    is: ['gateway', 'parent', 'tui-ended', 'suggested'],
  },
  {
    title: 'a parent that was killed much later had ended it before, for its own reason',
    lines: [
      ...birth,
      stop(8, 'a new one is wanted'),
      ending(theGateway, 8, 'requested', {by: 'parent', reason: 'stdin ended'}),
      exit(9, {code: 0}),
      inferred(500),
    ],
    is: ['gateway', 'parent', 'a new one is wanted', 'shown'],
  },
  {
    title: 'an error of a worker is no end',
    lines: [
      ...birth,
      say(5, theGateway, 'uncaught', {origin: 'worker', error: 'TypeError'}),
      exit(9, {signal: 'SIGKILL'}),
    ],
    is: ['gateway', 'signal', 'SIGKILL', 'shown'],
  },
  {
    title: 'exit 1 is its own error',
    lines: [...birth, exit(9, {code: 1, stderr_bytes: 12})],
    is: ['gateway', 'own-error', 'exit-1', 'shown'],
  },
  {
    title: 'exit 1 for a missing module says so',
    lines: [...birth, exit(9, {code: 1, says: 'module-missing'})],
    is: ['gateway', 'own-error', 'module-missing', 'shown'],
  },
  {
    title: 'an error that nobody caught is named',
    lines: [
      ...birth,
      say(8, theGateway, 'uncaught', {origin: 'unhandledRejection', error: 'TypeError'}),
      ending(theGateway, 8, 'uncaught', {error: 'TypeError'}),
      exit(9, {code: 1}),
    ],
    is: ['gateway', 'own-error', 'TypeError', 'shown'],
  },
  {
    title: 'SIGSEGV is its own error, too',
    lines: [...birth, exit(9, {signal: 'SIGSEGV'})],
    is: ['gateway', 'own-error', 'SIGSEGV', 'shown'],
  },
  {
    title: 'SIGABRT is memory where its last words say so',
    lines: [...birth, exit(9, {signal: 'SIGABRT', says: 'heap-exhausted'})],
    is: ['gateway', 'memory', 'heap-exhausted', 'shown'],
  },
  {
    title: 'SIGKILL is memory where it was short of it just before',
    lines: [...birth, say(8, theGateway, 'memory-high', {used_bytes: 9}), exit(9, {signal: 'SIGKILL'})],
    is: ['gateway', 'memory', 'memory-high', 'suggested'],
  },
  {
    title: 'but not where it went on for minutes',
    lines: [
      ...birth,
      say(8, theGateway, 'memory-high', {used_bytes: 9}),
      say(200, theGateway, 'host-connected'),
      exit(201, {signal: 'SIGKILL'}),
    ],
    is: ['gateway', 'signal', 'SIGKILL', 'shown'],
  },
  {
    title: 'code 137 after its own word is memory',
    lines: [...birth, ending(theGateway, 8, 'memory', {used_bytes: 9}), exit(9, {code: 137})],
    is: ['gateway', 'memory', 'memory-critical', 'shown'],
  },
  {
    title: 'code 137 without a word suggests SIGKILL behind a wrapper',
    lines: [...birth, exit(9, {code: 137})],
    is: ['gateway', 'signal', 'SIGKILL', 'suggested'],
  },
  {
    title: 'a missing program is the machine’s',
    lines: [tuiStart, say(1, theTui, 'spawn-failed', {child: 'gateway', child_generation: 1, errno: 'ENOENT'})],
    is: ['gateway', 'machine', 'program-missing', 'shown'],
  },
  {
    title: 'a machine without processes to spare is, too',
    lines: [tuiStart, say(1, theTui, 'spawn-failed', {child: 'gateway', child_generation: 1, errno: 'EAGAIN'})],
    is: ['gateway', 'machine', 'EAGAIN', 'shown'],
  },
  {
    title: 'status 0 without a word is not explained',
    lines: [...birth, exit(9, {code: 0})],
    is: ['gateway', 'unknown', 'exit-0', 'shown'],
  },
]

const tuiRows: Row[] = [
  {
    title: '/quit is the user’s',
    lines: [
      tuiStart,
      ending(theTui, 8, 'requested', {by: 'user', reason: 'the user left'}),
      say(8, theTui, 'exit', {code: 0}),
    ],
    is: ['tui', 'user', 'the user left', 'shown'],
  },
  {
    title: 'SIGHUP is a closed terminal',
    lines: [tuiStart, ending(theTui, 8, 'signal', {signal: 'SIGHUP'}), say(8, theTui, 'exit', {code: 129})],
    is: ['tui', 'signal', 'SIGHUP', 'shown'],
  },
  {
    title: 'so is a terminal that is gone before its SIGHUP comes',
    lines: [tuiStart, ending(theTui, 8, 'terminal-closed'), say(8, theTui, 'exit', {code: 129})],
    is: ['tui', 'signal', 'SIGHUP', 'shown'],
  },
  {
    title: 'SIGTERM to whom nobody of ours started is from outside',
    lines: [tuiStart, ending(theTui, 8, 'signal', {signal: 'SIGTERM'}), say(8, theTui, 'exit', {code: 143})],
    is: ['tui', 'signal', 'SIGTERM', 'shown'],
  },
  {
    title: 'a mark that is left suggests SIGKILL',
    lines: [tuiStart, inferred(500)],
    is: ['tui', 'signal', 'SIGKILL', 'suggested'],
  },
  {
    title: 'or memory, where that was short',
    lines: [tuiStart, say(8, theTui, 'memory-high'), inferred(500)],
    is: ['tui', 'memory', 'memory-high', 'suggested'],
  },
  {
    title: 'a mark of before the machine was started anew is the machine’s',
    lines: [tuiStart, inferred(500, {rebooted: true})],
    is: ['tui', 'machine', 'restarted', 'shown'],
  },
  {
    title: 'a mark alone, without the log of that time, says nothing',
    lines: [inferred(500)],
    is: ['tui', 'unknown', 'no-record', 'suggested'],
  },
  {
    title: 'an exit code alone is its own error',
    lines: [tuiStart, say(1, theTui, 'exit', {code: 2})],
    is: ['tui', 'own-error', 'exit-2', 'shown'],
  },
]

const hostRows: Row[] = [
  {
    title: 'a session that was closed is the user’s',
    lines: [...birth, ...hostBirth, ending(theHost, 8, 'requested', {by: 'user', reason: 'session-closed'})],
    is: ['host', 'user', 'session-closed', 'shown'],
  },
  {
    title: 'a released host that is killed is inferred',
    lines: [
      ...birth,
      ...hostBirth,
      inferred(500, {child: 'host', child_pid: host, started: new Date(noon + 2000).toISOString()}),
    ],
    is: ['host', 'signal', 'SIGKILL', 'suggested'],
  },
  {
    title: 'one that had adopted it may say so before that, or after',
    lines: [
      ...birth,
      ...hostBirth,
      say(3, theGateway, 'adopt', {child: 'host', child_pid: host}),
      inferred(8, {child: 'host', child_pid: host, started: new Date(noon + 2000).toISOString()}),
      say(9, theGateway, 'gone', {child: 'host', child_pid: host, requested: false}),
    ],
    is: ['host', 'signal', 'SIGKILL', 'suggested'],
  },
  {
    title: 'one that is gone is not yet explained by its mark, and is known to be gone',
    lines: [...birth, ...hostBirth, say(9, theGateway, 'gone', {child: 'host', child_pid: host, requested: false})],
    is: ['host', 'signal', 'SIGKILL', 'suggested'],
  },
]

describe('a death', () => {
  test.each([...gatewayRows, ...tuiRows, ...hostRows])('$title', ({lines, is}) => {
    const deaths = explainDeaths(lines)
    const [death, ...others] = deaths.filter(({who}) => who === is[0])
    expect(others).toEqual([])
    expect([death?.who, death?.verdict, death?.why, death?.certainty]).toEqual(is)
    expect(death?.evidence.length).toBeGreaterThan(0)
    for (const line of death?.evidence ?? []) expect(lines).toContain(line)
  })

  test('each verdict has a row here', () => {
    const rows = [...gatewayRows, ...tuiRows, ...hostRows]
    expect(new Set(rows.map(({is}) => is[1]))).toEqual(new Set(verdicts))
  })
})

describe('the log', () => {
  test('tells who, when, which life and which session, in the order of the deaths', () => {
    const lines = [
      ...birth,
      ...hostBirth,
      exit(9, {signal: 'SIGKILL'}),
      ending(theHost, 20, 'requested', {by: 'user', reason: 'session-closed'}),
      ending(theTui, 30, 'requested', {by: 'user', reason: 'the user left'}),
    ]
    expect(explainDeaths(lines)).toMatchObject([
      {who: 'gateway', at: noon + 9000, pid: gateway, generation: 1},
      {who: 'host', at: noon + 20_000, pid: host, generation: 1, session: 's_4k'},
      {who: 'tui', at: noon + 30_000, pid: tui},
    ])
    expect(explainDeaths(lines, {after: noon + 10_000}).map(({who}) => who)).toEqual(['host', 'tui'])
  })

  test('may hold other lines, and those of several writers out of order', () => {
    const lines = [exit(9, {signal: 'SIGKILL'}), 'Error: out of luck', '', ...birth.toReversed()]
    expect(explainDeaths(lines)).toMatchObject([{who: 'gateway', verdict: 'signal', generation: 1}])
    expect(explainDeaths([])).toEqual([])
  })

  test('keeps apart the lives of one pid', () => {
    const second = {...theGateway, generation: 2}
    const lines = [
      ...birth,
      exit(9, {code: 1}),
      say(10, theTui, 'spawn', {...asChild, child_generation: 2}),
      say(10, second, 'start'),
      ending(second, 20, 'signal', {signal: 'SIGTERM'}),
      say(20, theTui, 'child-exit', {...asChild, child_generation: 2, code: 143, signal: null}),
    ]
    expect(explainDeaths(lines)).toMatchObject([
      {generation: 1, verdict: 'own-error'},
      {generation: 2, verdict: 'signal'},
    ])
  })

  test('of one death by two is one death', () => {
    const lines = [
      ...birth,
      ending(theGateway, 8, 'signal', {signal: 'SIGTERM'}),
      say(8, theGateway, 'exit', {code: 143}),
      exit(9, {code: 143}),
    ]
    expect(explainDeaths(lines)).toMatchObject([{who: 'gateway', verdict: 'signal', certainty: 'shown'}])
  })

  test('knows a mark’s life though its pid belongs to another one by now', () => {
    const later: Said = {who: 'tui', pid: tui}
    const lines = [tuiStart, say(100, later, 'start'), inferred(101), ending(later, 200, 'signal', {signal: 'SIGTERM'})]
    expect(explainDeaths(lines).map(({verdict, why}) => [verdict, why])).toEqual([
      ['signal', 'SIGKILL'],
      ['signal', 'SIGTERM'],
    ])
  })

  test('does not count a host that found its session held', () => {
    const held = say(3, theHost, 'lease-held')
    const toldExit = say(3, theGateway, 'child-exit', {child: 'host', child_pid: host, code: 75, signal: null})
    expect(explainDeaths([...birth, ...hostBirth, held, toldExit])).toEqual([])
  })

  test('of those who live tells no death', () => {
    expect(explainDeaths([...birth, ...hostBirth])).toEqual([])
  })

  test('may be any: it is read the same each time, and each death rests on its lines', () => {
    const all = [...gatewayRows, ...tuiRows, ...hostRows].flatMap(({lines}) => lines)
    const line = fc.oneof(
      {weight: 9, arbitrary: fc.constantFrom(...all)},
      {weight: 1, arbitrary: fc.string()},
      {weight: 1, arbitrary: fc.tuple(fc.constantFrom(...all), fc.nat(200)).map(([whole, end]) => whole.slice(0, end))},
    )
    fc.assert(
      fc.property(fc.array(line, {maxLength: 40}), (lines) => {
        const deaths = explainDeaths(lines)
        expect(explainDeaths(lines)).toEqual(deaths)
        for (const {verdict, evidence} of deaths) {
          expect(verdicts).toContain(verdict)
          expect(evidence.length).toBeGreaterThan(0)
          for (const one of evidence) expect(lines).toContain(one)
        }
      }),
      {numRuns: 500},
    )
  })
})
