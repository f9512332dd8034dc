import type {Breadcrumb} from '../log/breadcrumb.ts'
import {find, type RecordedInstance, timeOf} from './read-instances.ts'

/** Why a process exited. Each cause asks for another reaction: see docs/crash-log.md. */
export const exitCauses = [
  'requested',
  'stopped-by-parent',
  'external',
  'crashed',
  'out-of-memory',
  'not-started',
  'unknown',
] as const
export type ExitCause = (typeof exitCauses)[number]

export interface Explanation {
  cause: ExitCause
  /** The details as an identifier, for programs: a signal, a reason, `exit-1`, `module-missing`. */
  detail: string
  /** A sentence for people. */
  summary: string
  /** Whether the breadcrumbs prove the cause; otherwise it is the one that fits them best. */
  isCertain: boolean
  /** The breadcrumbs that this rests on, at least one. */
  evidence: readonly Breadcrumb[]
}

/** Signals that a program's own fault raises. */
const crashSignals = new Set(['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGSYS', 'SIGTRAP'])
/** How long before an exit a shortage of memory counts as its cause, ms. */
const memoryHighMs = 60_000
/** A sender records a signal no later than this after the receiver did, ms. */
const signalDelayMs = 500

/**
 * What the breadcrumbs of one process say about its exit. `undefined` while it runs, and for a host that exited because
 * another one holds the lease of its session.
 */
export function findCause(instance: RecordedInstance): Explanation | undefined {
  if (find(instance.own, 'lease-held')) return undefined
  return (
    explainFailedStart(instance) ??
    explainMemory(instance) ??
    explainShutdown(instance) ??
    explainExitStatus(instance) ??
    explainDisappearance(instance)
  )
}

const startFailures: Readonly<Record<string, [detail: string, summary: string]>> = {
  ENOENT: ['program-missing', 'the program does not exist'],
  EACCES: ['not-permitted', 'the program is not executable for this user'],
}

function explainFailedStart({role, others}: RecordedInstance): Explanation | undefined {
  const failed = find(others, 'spawn-failed')
  if (!failed) return undefined
  const errno = String(failed.facts['errno'] ?? 'unknown')
  const [detail, summary] = startFailures[errno] ?? [errno, `the system refused with ${errno}`]
  return explained('not-started', detail, `${role} could not be started: ${summary}`, [failed])
}

function explainMemory({own, others}: RecordedInstance): Explanation | undefined {
  const critical = find(own, 'shutdown', {cause: 'memory'})
  if (critical) return explained('out-of-memory', 'memory-critical', 'it shut down when memory ran out', [critical])
  const exhausted = find(others, 'child-exit', {stderr_says: 'heap-exhausted'})
  if (exhausted) return explained('out-of-memory', 'heap-exhausted', 'its heap was exhausted', [exhausted])
  const exit = find(others, 'child-exit')
  const end = exit ?? find(others, 'exit-inferred')
  const isSudden = end && (!exit || ['SIGKILL', 'SIGABRT'].includes(String(exit.facts['signal'])))
  const [high, last] = [own.findLast(({event}) => event === 'memory-high'), own.at(-1)]
  if (!isSudden || !high || !last || timeOf(last) - timeOf(high) > memoryHighMs) return undefined
  if (find(others, 'signal', {signal: 'SIGKILL'})) return undefined
  return likely('out-of-memory', 'memory-high', 'it vanished while memory was short', [high, end])
}

/** Explains an exit by the breadcrumbs that the process itself recorded. */
function explainShutdown(instance: RecordedInstance): Explanation | undefined {
  const {own, others} = instance
  const shutdown = find(own, 'shutdown')
  // An error in a worker does not end the process.
  const uncaught = own.find(({event, facts}) => event === 'uncaught' && facts['origin'] !== 'worker')
  const {cause, by, reason, error} = (shutdown ?? uncaught)?.facts ?? {}
  if (cause === 'uncaught' || (!shutdown && uncaught)) {
    const name = String(error ?? 'error')
    return explained('crashed', name, `an uncaught error ended it: ${name}`, present(uncaught, shutdown))
  }
  if (!shutdown) return undefined
  if (cause === 'signal') return explainSignal(instance, shutdown)
  if (cause === 'terminal-closed') return explained('external', 'SIGHUP', terminalClosed, [shutdown])
  const stop = find(others, 'stop')
  const actor = by === 'user' ? 'the user' : cause === 'stdin-ended' || by === 'parent' ? 'its parent' : 'it'
  const detail = String(stop?.facts['reason'] ?? reason ?? cause)
  const summary = `${actor} ended ${actor === 'it' ? 'itself' : 'it'}: ${detail}`
  return explained('requested', detail, summary, present(stop, shutdown))
}

const terminalClosed = 'its terminal was closed, or the connection to it was lost'

function explainSignal({own, others, generation}: RecordedInstance, shutdown: Breadcrumb): Explanation {
  const signal = String(shutdown.facts['signal'])
  const sent = find(others, 'signal', {signal})
  // A signal that was sent much later is not the cause.
  if (sent && timeOf(sent) <= timeOf(shutdown) + signalDelayMs) return stoppedByParent(others, [sent, shutdown])
  const isTerminal = signal === 'SIGHUP' && generation === undefined
  // Without the breadcrumbs of its parent, the parent may have sent it. Only gateways and hosts have one.
  const isCertain = generation === undefined ? find(own, 'start') : find(others, 'spawn')
  const evidence = present(shutdown, find(others, 'child-exit'))
  const explain = isCertain ? explained : likely
  return explain('external', signal, isTerminal ? terminalClosed : fromOutside(signal), evidence)
}

/** From the exit status that its parent or the process itself recorded. */
function explainExitStatus({own, others}: RecordedInstance): Explanation | undefined {
  const exit = find(others, 'child-exit') ?? find(own, 'exit')
  if (!exit) return undefined
  const {code, stderr_says: says} = exit.facts
  const signal = exit.facts['signal'] ?? signalOfStatus[Number(code)]
  if (typeof signal === 'string') {
    const sent = find(others, 'signal', {signal})
    if (sent) return stoppedByParent(others, [sent, exit])
    if (crashSignals.has(signal)) return explained('crashed', signal, `it crashed with ${signal}`, [exit])
    if (code === null) return explained('external', signal, fromOutside(signal), [exit])
    return likely('external', signal, `it exited with ${code}, as a process does that ${signal} ended`, [exit])
  }
  if (code === 0) {
    if (find(others, 'stop')) return stoppedByParent(others, [exit])
    return explained('unknown', 'exit-0', 'it exited with 0 and recorded no reason', [exit])
  }
  if (says === 'module-missing') {
    return explained('crashed', says, `it exited with ${code}: one of its modules is missing`, [exit])
  }
  return explained('crashed', `exit-${code}`, `it exited with ${code}`, [exit])
}

/** Exit codes by which a shell reports the signal that ended a program. */
const signalOfStatus: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  137: 'SIGKILL',
  143: 'SIGTERM',
}

/** Nothing recorded its exit: its PID file was left behind, or the process that adopted it found it gone. */
function explainDisappearance({own, others, isCovered}: RecordedInstance): Explanation | undefined {
  const inferred = find(others, 'exit-inferred')
  const missed = inferred ?? find(others, 'gone')
  if (!missed) return undefined
  if (missed.facts['rebooted'] === true) {
    return explained('external', 'machine-restarted', 'the machine restarted while it ran', [missed])
  }
  const sent = others.findLast(({event}) => event === 'signal')
  if (sent) return stoppedByParent(others, [sent, missed])
  if (inferred && !isCovered) {
    return likely('unknown', 'no-record', 'the crash log does not go back to its start', [missed])
  }
  return likely('external', 'SIGKILL', 'it vanished without a trace, as after SIGKILL from outside', [
    ...present(own.at(-1)),
    missed,
  ])
}

function stoppedByParent(others: readonly Breadcrumb[], evidence: Breadcrumb[]): Explanation {
  const stop = find(others, 'stop')
  const reason = String((stop ?? evidence[0])?.facts['reason'])
  return explained('stopped-by-parent', reason, `its parent stopped it: ${reason}`, [...present(stop), ...evidence])
}

function fromOutside(signal: string): string {
  return `${signal} from outside ended it`
}

function present(...breadcrumbs: (Breadcrumb | undefined)[]): Breadcrumb[] {
  return breadcrumbs.filter((breadcrumb) => breadcrumb !== undefined)
}

function explained(cause: ExitCause, detail: string, summary: string, evidence: readonly Breadcrumb[]): Explanation {
  return {cause, detail, summary, isCertain: true, evidence}
}

function likely(cause: ExitCause, detail: string, summary: string, evidence: readonly Breadcrumb[]): Explanation {
  return {cause, detail, summary, isCertain: false, evidence}
}
