import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type Breadcrumb, exitCauses, type ExitCause, explainExits, type Fact} from '@holdfast/breadcrumbs'

const noon = Date.UTC(2026, 2, 1, 12)
const [tui, gateway, host] = [70, 71, 72]

type Process = Pick<Breadcrumb, 'role' | 'pid' | 'generation' | 'session'>

/** A breadcrumb `seconds` after noon. */
function record(seconds: number, by: Process, event: string, facts: Record<string, Fact> = {}): Breadcrumb {
  return {time: new Date(noon + seconds * 1000).toISOString(), ...by, event, facts}
}

const theTui: Process = {role: 'tui', pid: tui}
const theGateway: Process = {role: 'gateway', pid: gateway, generation: 1}
const theHost: Process = {role: 'host', pid: host, generation: 1, session: 's_4k'}
const asChild = {child: 'gateway', child_pid: gateway, child_generation: 1}

const tuiStart = record(0, theTui, 'start')
const gatewayStart = [tuiStart, record(1, theTui, 'spawn', asChild), record(1, theGateway, 'start')]
const hostStart = [
  record(2, theGateway, 'spawn', {child: 'host', child_pid: host, child_generation: 1}),
  record(2, theHost, 'start'),
]
const stop = (at: number, reason: string) => record(at, theTui, 'stop', {...asChild, reason})
const sent = (at: number, signal: string, reason: string) => record(at, theTui, 'signal', {...asChild, signal, reason})
const exit = (at: number, facts: Record<string, Fact>) =>
  record(at, theTui, 'child-exit', {...asChild, code: null, signal: null, ...facts})
const shutdown = (by: Process, at: number, cause: string, facts: Record<string, Fact> = {}) =>
  record(at, by, 'shutdown', {cause, ...facts})
const inferred = (at: number, facts: Record<string, Fact> = {}) =>
  record(at, {role: 'tui', pid: 99}, 'exit-inferred', {
    child: 'tui',
    child_pid: tui,
    started: new Date(noon).toISOString(),
    rebooted: false,
    ...facts,
  })

interface Row {
  title: string
  log: Breadcrumb[]
  exit: [role: string, cause: ExitCause, detail: string]
  isUncertain?: true
}

const gatewayRows: Row[] = [
  {
    title: 'SIGKILL that its parent did not send came from outside',
    log: [...gatewayStart, exit(9, {signal: 'SIGKILL'})],
    exit: ['gateway', 'external', 'SIGKILL'],
  },
  {
    title: 'also if the parent noticed the lost connection first',
    log: [...gatewayStart, stop(9, 'the peer is gone'), exit(9, {signal: 'SIGKILL', requested: true})],
    exit: ['gateway', 'external', 'SIGKILL'],
  },
  {
    title: 'SIGKILL that its parent sent is the parent’s, with its reason',
    log: [
      ...gatewayStart,
      stop(7, 'it was unresponsive'),
      sent(8, 'SIGKILL', 'it was unresponsive'),
      exit(9, {signal: 'SIGKILL'}),
    ],
    exit: ['gateway', 'stopped-by-parent', 'it was unresponsive'],
  },
  {
    title: 'SIGTERM that its parent did not send came from outside',
    log: [...gatewayStart, shutdown(theGateway, 8, 'signal', {signal: 'SIGTERM'}), exit(9, {code: 143})],
    exit: ['gateway', 'external', 'SIGTERM'],
  },
  {
    title: 'also if its parent sent another one while it shut down',
    log: [
      ...gatewayStart,
      shutdown(theGateway, 4, 'signal', {signal: 'SIGTERM'}),
      stop(4, 'the peer is gone'),
      sent(6, 'SIGTERM', 'the peer is gone'),
      exit(6, {code: 143}),
    ],
    exit: ['gateway', 'external', 'SIGTERM'],
  },
  {
    title: 'so is SIGTERM that its parent sent',
    log: [
      ...gatewayStart,
      stop(6, 'it was not ready in time'),
      sent(8, 'SIGTERM', 'it was not ready in time'),
      shutdown(theGateway, 8, 'signal', {signal: 'SIGTERM'}),
      exit(9, {code: 143}),
    ],
    exit: ['gateway', 'stopped-by-parent', 'it was not ready in time'],
  },
  {
    title: 'without a breadcrumb of its parent, SIGTERM from outside is only likely',
    log: [tuiStart, record(1, theGateway, 'start'), shutdown(theGateway, 8, 'signal', {signal: 'SIGTERM'})],
    exit: ['gateway', 'external', 'SIGTERM'],
    isUncertain: true,
  },
  {
    title: 'the end of its stdin is a request of its parent',
    log: [
      ...gatewayStart,
      stop(8, 'the session was closed'),
      shutdown(theGateway, 8, 'stdin-ended'),
      exit(9, {code: 0}),
    ],
    exit: ['gateway', 'requested', 'the session was closed'],
  },
  {
    title: 'with the reason of the parent, if that stopped it',
    log: [
      ...gatewayStart,
      shutdown(theTui, 8, 'requested', {by: 'user', reason: 'the user left'}),
      stop(8, 'the screen was closed'),
      shutdown(theGateway, 8, 'stdin-ended'),
      exit(9, {code: 0}),
      record(9, theTui, 'exit', {code: 0}),
    ],
    exit: ['gateway', 'requested', 'the screen was closed'],
  },
  {
    title: 'else with its own',
    log: [...gatewayStart, shutdown(theGateway, 8, 'requested', {by: 'parent', reason: 'stdin ended'}), inferred(500)],
    exit: ['gateway', 'requested', 'stdin ended'],
  },
  {
    title: 'an error in a worker does not end a process',
    log: [
      ...gatewayStart,
      record(5, theGateway, 'uncaught', {origin: 'worker', error: 'TypeError'}),
      exit(9, {signal: 'SIGKILL'}),
    ],
    exit: ['gateway', 'external', 'SIGKILL'],
  },
  {
    title: 'exit code 1 is a crash',
    log: [...gatewayStart, exit(9, {code: 1, stderr_bytes: 12})],
    exit: ['gateway', 'crashed', 'exit-1'],
  },
  {
    title: 'a missing module is named',
    log: [...gatewayStart, exit(9, {code: 1, stderr_says: 'module-missing'})],
    exit: ['gateway', 'crashed', 'module-missing'],
  },
  {
    title: 'an uncaught error is named',
    log: [
      ...gatewayStart,
      record(8, theGateway, 'uncaught', {origin: 'unhandledRejection', error: 'TypeError'}),
      shutdown(theGateway, 8, 'uncaught', {error: 'TypeError'}),
      exit(9, {code: 1}),
    ],
    exit: ['gateway', 'crashed', 'TypeError'],
  },
  {
    title: 'SIGSEGV is a crash',
    log: [...gatewayStart, exit(9, {signal: 'SIGSEGV'})],
    exit: ['gateway', 'crashed', 'SIGSEGV'],
  },
  {
    title: 'SIGABRT is out of memory where stderr says so',
    log: [...gatewayStart, exit(9, {signal: 'SIGABRT', stderr_says: 'heap-exhausted'})],
    exit: ['gateway', 'out-of-memory', 'heap-exhausted'],
  },
  {
    title: 'SIGKILL is likely out of memory if memory was short just before',
    log: [...gatewayStart, record(8, theGateway, 'memory-high', {used_bytes: 9}), exit(9, {signal: 'SIGKILL'})],
    exit: ['gateway', 'out-of-memory', 'memory-high'],
    isUncertain: true,
  },
  {
    title: 'but not if the process went on for minutes',
    log: [
      ...gatewayStart,
      record(8, theGateway, 'memory-high', {used_bytes: 9}),
      record(200, theGateway, 'host-connected'),
      exit(201, {signal: 'SIGKILL'}),
    ],
    exit: ['gateway', 'external', 'SIGKILL'],
  },
  {
    title: 'exit code 137 after a shutdown for memory is out of memory',
    log: [...gatewayStart, shutdown(theGateway, 8, 'memory', {used_bytes: 9}), exit(9, {code: 137})],
    exit: ['gateway', 'out-of-memory', 'memory-critical'],
  },
  {
    title: 'exit code 137 alone is likely SIGKILL behind a wrapper script',
    log: [...gatewayStart, exit(9, {code: 137})],
    exit: ['gateway', 'external', 'SIGKILL'],
    isUncertain: true,
  },
  {
    title: 'a missing program is named',
    log: [tuiStart, record(1, theTui, 'spawn-failed', {child: 'gateway', child_generation: 1, errno: 'ENOENT'})],
    exit: ['gateway', 'not-started', 'program-missing'],
  },
  {
    title: 'so is the error of a machine without processes to spare',
    log: [tuiStart, record(1, theTui, 'spawn-failed', {child: 'gateway', child_generation: 1, errno: 'EAGAIN'})],
    exit: ['gateway', 'not-started', 'EAGAIN'],
  },
  {
    title: 'exit code 0 alone is not explained',
    log: [...gatewayStart, exit(9, {code: 0})],
    exit: ['gateway', 'unknown', 'exit-0'],
  },
]

const tuiRows: Row[] = [
  {
    title: 'the user requested /quit',
    log: [
      tuiStart,
      shutdown(theTui, 8, 'requested', {by: 'user', reason: 'the user left'}),
      record(8, theTui, 'exit', {code: 0}),
    ],
    exit: ['tui', 'requested', 'the user left'],
  },
  {
    title: 'SIGHUP is a closed terminal',
    log: [tuiStart, shutdown(theTui, 8, 'signal', {signal: 'SIGHUP'}), record(8, theTui, 'exit', {code: 129})],
    exit: ['tui', 'external', 'SIGHUP'],
  },
  {
    title: 'so is a terminal that closed before its SIGHUP arrived',
    log: [tuiStart, shutdown(theTui, 8, 'terminal-closed'), record(8, theTui, 'exit', {code: 129})],
    exit: ['tui', 'external', 'SIGHUP'],
  },
  {
    title: 'SIGTERM to a process without a parent of ours came from outside',
    log: [tuiStart, shutdown(theTui, 8, 'signal', {signal: 'SIGTERM'}), record(8, theTui, 'exit', {code: 143})],
    exit: ['tui', 'external', 'SIGTERM'],
  },
  {
    title: 'a PID file that is left behind is likely SIGKILL',
    log: [tuiStart, inferred(500)],
    exit: ['tui', 'external', 'SIGKILL'],
    isUncertain: true,
  },
  {
    title: 'or out of memory if memory was short',
    log: [tuiStart, record(8, theTui, 'memory-high'), inferred(500)],
    exit: ['tui', 'out-of-memory', 'memory-high'],
    isUncertain: true,
  },
  {
    title: 'a PID file from before a reboot is a restart of the machine',
    log: [tuiStart, inferred(500, {rebooted: true})],
    exit: ['tui', 'external', 'machine-restarted'],
  },
  {
    title: 'a PID file without the log of its time is not explained',
    log: [inferred(500)],
    exit: ['tui', 'unknown', 'no-record'],
    isUncertain: true,
  },
  {
    title: 'an exit code alone is a crash',
    log: [tuiStart, record(1, theTui, 'exit', {code: 2})],
    exit: ['tui', 'crashed', 'exit-2'],
  },
]

const hostRows: Row[] = [
  {
    title: 'a host exits when the user closes its session',
    log: [...gatewayStart, ...hostStart, shutdown(theHost, 8, 'requested', {by: 'user', reason: 'session-closed'})],
    exit: ['host', 'requested', 'session-closed'],
  },
  {
    title: 'a released host that was killed is likely SIGKILL',
    log: [
      ...gatewayStart,
      ...hostStart,
      inferred(500, {child: 'host', child_pid: host, started: new Date(noon + 2000).toISOString()}),
    ],
    exit: ['host', 'external', 'SIGKILL'],
    isUncertain: true,
  },
  {
    title: 'also if a gateway that adopted it notices later',
    log: [
      ...gatewayStart,
      ...hostStart,
      record(3, theGateway, 'adopt', {child: 'host', child_pid: host}),
      inferred(8, {child: 'host', child_pid: host, started: new Date(noon + 2000).toISOString()}),
      record(9, theGateway, 'gone', {child: 'host', child_pid: host, requested: false}),
    ],
    exit: ['host', 'external', 'SIGKILL'],
    isUncertain: true,
  },
  {
    title: 'or before the PID file is found',
    log: [
      ...gatewayStart,
      ...hostStart,
      record(9, theGateway, 'gone', {child: 'host', child_pid: host, requested: false}),
    ],
    exit: ['host', 'external', 'SIGKILL'],
    isUncertain: true,
  },
]

const rows = [...gatewayRows, ...tuiRows, ...hostRows]

describe('an exit', () => {
  test.each(rows)('$title', ({log, exit: [role, cause, detail], isUncertain = false}) => {
    const exits = explainExits(log).filter((one) => one.role === role)
    expect(exits).toEqual([expect.objectContaining({cause, detail, isCertain: !isUncertain})])
    const evidence = exits[0]?.evidence ?? []
    expect(evidence.length).toBeGreaterThan(0)
    for (const breadcrumb of evidence) expect(log).toContain(breadcrumb)
  })

  test('each cause has a row here', () => {
    expect(new Set(rows.map(({exit: [, cause]}) => cause))).toEqual(new Set(exitCauses))
  })
})

describe('explainExits', () => {
  test('returns role, time, generation and session of each exit, in their order', () => {
    const log = [
      ...gatewayStart,
      ...hostStart,
      exit(9, {signal: 'SIGKILL'}),
      shutdown(theHost, 20, 'requested', {by: 'user', reason: 'session-closed'}),
      shutdown(theTui, 30, 'requested', {by: 'user', reason: 'the user left'}),
    ]
    expect(explainExits(log)).toMatchObject([
      {role: 'gateway', at: noon + 9000, pid: gateway, generation: 1},
      {role: 'host', at: noon + 20_000, pid: host, generation: 1, session: 's_4k'},
      {role: 'tui', at: noon + 30_000, pid: tui},
    ])
    expect(explainExits(log, {after: noon + 10_000}).map(({role}) => role)).toEqual(['host', 'tui'])
  })

  test('reads breadcrumbs of several writers out of order', () => {
    const log = [exit(9, {signal: 'SIGKILL'}), ...gatewayStart.toReversed()]
    expect(explainExits(log)).toMatchObject([{role: 'gateway', cause: 'external', generation: 1}])
    expect(explainExits([])).toEqual([])
  })

  test('keeps apart two instances with one pid', () => {
    const second = {...theGateway, generation: 2}
    const log = [
      ...gatewayStart,
      exit(9, {code: 1}),
      record(10, theTui, 'spawn', {...asChild, child_generation: 2}),
      record(10, second, 'start'),
      shutdown(second, 20, 'signal', {signal: 'SIGTERM'}),
      record(20, theTui, 'child-exit', {...asChild, child_generation: 2, code: 143, signal: null}),
    ]
    expect(explainExits(log)).toMatchObject([
      {generation: 1, cause: 'crashed'},
      {generation: 2, cause: 'external'},
    ])
  })

  test('counts an exit that two processes recorded once', () => {
    const log = [
      ...gatewayStart,
      shutdown(theGateway, 8, 'signal', {signal: 'SIGTERM'}),
      record(8, theGateway, 'exit', {code: 143}),
      exit(9, {code: 143}),
    ]
    expect(explainExits(log)).toMatchObject([{role: 'gateway', cause: 'external', isCertain: true}])
  })

  test('finds the process of a PID file though its pid belongs to another one by now', () => {
    const later: Process = {role: 'tui', pid: tui}
    const signalled = shutdown(later, 200, 'signal', {signal: 'SIGTERM'})
    const log = [tuiStart, record(100, later, 'start'), inferred(101), signalled]
    expect(explainExits(log).map(({detail}) => detail)).toEqual(['SIGKILL', 'SIGTERM'])
  })

  test('leaves out a host that found its session held by another', () => {
    const held = record(3, theHost, 'lease-held')
    const childExit = record(3, theGateway, 'child-exit', {child: 'host', child_pid: host, code: 75, signal: null})
    expect(explainExits([...gatewayStart, ...hostStart, held, childExit])).toEqual([])
  })

  test('leaves out processes that run', () => {
    expect(explainExits([...gatewayStart, ...hostStart])).toEqual([])
  })

  test('explains any log the same each time, and only by its breadcrumbs', () => {
    const breadcrumbs = fc.array(fc.constantFrom(...rows.flatMap(({log}) => log)), {maxLength: 40})
    fc.assert(
      fc.property(breadcrumbs, (log) => {
        const exits = explainExits(log)
        expect(explainExits(log)).toEqual(exits)
        for (const {cause, evidence} of exits) {
          expect(exitCauses).toContain(cause)
          expect(evidence.length).toBeGreaterThan(0)
          for (const breadcrumb of evidence) expect(log).toContain(breadcrumb)
        }
      }),
      {numRuns: 500},
    )
  })
})
