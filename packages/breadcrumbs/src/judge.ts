import {type RecordedLife, type Trace, traceOf} from './read-lives.ts'

/** Who or what ended a life. */
export type Verdict = 'user' | 'parent' | 'signal' | 'own-error' | 'memory' | 'machine' | 'unknown'

export const verdicts: readonly Verdict[] = ['user', 'parent', 'signal', 'own-error', 'memory', 'machine', 'unknown']

export interface Judgement {
  verdict: Verdict
  /** In a word, for programs: a signal, a reason, `exit-1`, `module-missing`. */
  why: string
  /** In a sentence, for people. */
  says: string
  /** `shown`: the lines say so. `suggested`: it is what fits them best. */
  certainty: 'shown' | 'suggested'
  evidence: readonly Trace[]
}

/** What a program does wrong, not what is done to it. */
const CRASHES = new Set(['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGSYS', 'SIGTRAP'])
/** Memory that was short so long before an end, ms, had to do with it. */
const SHORT_BEFORE_MS = 60_000
/** A parent that ended no later than so long after its child, ms, ended before it: the lines come from two processes. */
const TOGETHER_MS = 5000

/** A signal is told by its sender within so long after it came, ms. */
const SENT_MS = 500

/** What the traces of one life say of its end. `undefined` when it has none, or is no death. */
export function judge(
  life: RecordedLife,
  judgeOther: (life: RecordedLife) => Judgement | undefined,
): Judgement | undefined {
  if (traceOf(life.own, 'lease-held')) return undefined
  return (
    ofNoStart(life) ??
    ofMemory(life) ??
    ofOwnWord(life, judgeOther) ??
    ofExit(life) ??
    ofInference(life) ??
    ofGone(life) ??
    ofEnd(life)
  )
}

const startFaults: Readonly<Record<string, {why: string; says: string}>> = {
  ENOENT: {why: 'program-missing', says: 'the program is not there'},
  EACCES: {why: 'not-permitted', says: 'it is not permitted'},
}

/** It could not be started. */
function ofNoStart({who, told}: RecordedLife): Judgement | undefined {
  const failed = traceOf(told, 'spawn-failed')
  if (!failed) return undefined
  const errno = String(failed.facts['errno'] ?? 'unknown')
  const {why, says} = startFaults[errno] ?? {why: errno, says: `the system refused: ${errno}`}
  return shown('machine', why, `${who} could not be started: ${says}`, [failed])
}

function ofMemory({own, told}: RecordedLife): Judgement | undefined {
  const critical = traceOf(own, 'shutdown', {cause: 'memory'})
  if (critical) {
    return shown('memory', 'memory-critical', 'it ran out of memory, and ended in order', [critical])
  }
  const exhausted = traceOf(told, 'child-exit', {says: 'heap-exhausted'})
  if (exhausted) return shown('memory', 'heap-exhausted', 'its heap was exhausted', [exhausted])
  const end = traceOf(told, 'child-exit') ?? traceOf(told, 'exit-inferred')
  const isSudden = end && (end.what !== 'child-exit' || ['SIGKILL', 'SIGABRT'].includes(String(end.facts['signal'])))
  const high = own.findLast(({what}) => what === 'memory-high')
  const last = own.at(-1)
  if (!isSudden || !high || !last || last.at - high.at > SHORT_BEFORE_MS || wasSent(told, 'SIGKILL')) return undefined
  return suggested('memory', 'memory-high', 'it was short of memory, and then gone', [high, end])
}

/** What it said itself when it ended. */
function ofOwnWord(
  life: RecordedLife,
  judgeOther: (life: RecordedLife) => Judgement | undefined,
): Judgement | undefined {
  const {own, told} = life
  const ending = traceOf(own, 'shutdown')
  // An error in a worker is for whoever owns that.
  const uncaught = own.find(({what, facts}) => what === 'uncaught' && facts['origin'] !== 'worker')
  if (ending?.facts['cause'] === 'uncaught' || (!ending && uncaught)) {
    const error = (ending ?? uncaught)!
    const name = String(error.facts['error'] ?? 'error')
    return shown('own-error', name, `an error that nobody caught ended it: ${name}`, both(uncaught, ending))
  }
  if (!ending) return undefined
  const stop = traceOf(told, 'stop')
  const why = String(ending.facts['reason'] ?? stop?.facts['reason'] ?? ending.facts['cause'])
  switch (ending.facts['cause']) {
    case 'signal':
      return ofSignal(life, ending)
    case 'terminal-closed':
      return shown('signal', 'SIGHUP', 'its terminal was closed, or the connection to it was lost', [ending])
    case 'stdin-ended':
      return ofParent(life, ending, String(stop?.facts['reason'] ?? 'stdin-ended'), judgeOther)
    case 'requested':
      if (ending.facts['by'] === 'user') return shown('user', why, `its user ended it: ${why}`, [ending])
      if (ending.facts['by'] === 'parent') {
        return ofParent(life, ending, String(stop?.facts['reason'] ?? why), judgeOther)
      }
      return shown('own-error', why, `it ended itself: ${why}`, [ending])
    default:
      return undefined
  }
}

function ofSignal({own, told, generation}: RecordedLife, ending: Trace): Judgement {
  const signal = String(ending.facts['signal'])
  const sent = wasSent(told, signal)
  // One that was sent long after is no cause.
  if (sent && sent.at <= ending.at + SENT_MS) return byParent(String(sent.facts['reason']), [sent, ending])
  const says =
    signal === 'SIGHUP' && generation === undefined
      ? 'SIGHUP: its terminal was closed, or the connection to it was lost'
      : `${signal} came from outside`
  // Who is nobody's child has no parent whose line could be missing.
  const isSure = generation === undefined ? traceOf(own, 'start') : traceOf(told, 'spawn')
  return {
    ...shown('signal', signal, says, both(ending, traceOf(told, 'child-exit'))),
    certainty: isSure ? 'shown' : 'suggested',
  }
}

/** Its parent let go of it, or is gone itself. */
function ofParent(
  {parent, told}: RecordedLife,
  ending: Trace,
  why: string,
  judgeOther: (life: RecordedLife) => Judgement | undefined,
): Judgement {
  const death = parent && judgeOther(parent)
  const endOfParent = death?.evidence.at(-1)
  const isTogether =
    endOfParent?.what === 'exit-inferred'
      ? // It may be told long after it came; whoever saw its child exit lived on.
        !traceOf(told, 'child-exit')
      : endOfParent && Math.abs(endOfParent.at - ending.at) <= TOGETHER_MS
  if (parent && death && isTogether) {
    const says = `its parent, ${parent.who} ${parent.pid}, had ended: ${death.says}`
    return {...death, verdict: 'parent', why: `${parent.who}-ended`, says, evidence: [...death.evidence, ending]}
  }
  return byParent(why, both(traceOf(told, 'stop'), ending))
}

/** What its parent saw. */
function ofExit({told}: RecordedLife): Judgement | undefined {
  const exit = traceOf(told, 'child-exit')
  if (!exit) return undefined
  const {code, signal, says} = exit.facts
  const stop = traceOf(told, 'stop')
  if (typeof signal === 'string') {
    const sent = wasSent(told, signal)
    if (sent) return byParent(String(sent.facts['reason']), [sent, exit])
    if (CRASHES.has(signal)) return shown('own-error', signal, `it crashed: ${signal}`, [exit])
    return shown('signal', signal, `${signal} came from outside`, [exit])
  }
  if (code === 0) {
    if (stop) return byParent(String(stop.facts['reason']), [stop, exit])
    return shown('unknown', 'exit-0', 'it ended by itself with status 0, and did not say why', [exit])
  }
  if (says === 'module-missing') {
    return shown('own-error', says, `it exited with ${code}: a module of it is missing`, [exit])
  }
  const bySignal = signalOfStatus(Number(code))
  if (bySignal) {
    const sent = wasSent(told, bySignal)
    if (sent) return byParent(String(sent.facts['reason']), [sent, exit])
    return suggested('signal', bySignal, `it exited with ${code}, as one does whom ${bySignal} ended`, [exit])
  }
  return shown('own-error', `exit-${code}`, `it exited with ${code}`, [exit])
}

/** Nobody saw it end: the next start found its mark. */
function ofInference({own, told, isCovered}: RecordedLife): Judgement | undefined {
  const inferred = traceOf(told, 'exit-inferred')
  if (!inferred) return undefined
  if (inferred.facts['rebooted'] === true) {
    return shown('machine', 'restarted', 'the machine was started anew while it ran', [inferred])
  }
  const sent = wasSent(told, 'SIGKILL')
  if (sent) return byParent(String(sent.facts['reason']), [sent, inferred])
  if (!isCovered) {
    return suggested('unknown', 'no-record', 'the log does not go back to its beginning; what it said is lost', [
      inferred,
    ])
  }
  const says = 'it could not say that it ended, as after SIGKILL from outside'
  return suggested('signal', 'SIGKILL', says, both(own.at(-1), inferred))
}

/** Somebody who had adopted it found it gone. */
function ofGone({told}: RecordedLife): Judgement | undefined {
  const gone = traceOf(told, 'gone')
  if (!gone) return undefined
  const sent = told.findLast(({what}) => what === 'signal')
  if (sent) return byParent(String(sent.facts['reason']), [sent, gone])
  return suggested('signal', 'SIGKILL', 'it was gone without a word, as after SIGKILL from outside', [gone])
}

/** All that is known is its exit code, from itself. */
function ofEnd({own}: RecordedLife): Judgement | undefined {
  const end = traceOf(own, 'exit')
  if (!end) return undefined
  const {code} = end.facts
  if (code === 0) return shown('unknown', 'exit-0', 'it ended with status 0, and did not say why', [end])
  return shown('own-error', `exit-${String(code)}`, `it exited with ${String(code)}`, [end])
}

function wasSent(told: readonly Trace[], signal: string): Trace | undefined {
  return traceOf(told, 'signal', {signal})
}

function byParent(why: string, evidence: readonly Trace[]): Judgement {
  return shown('parent', why, `its parent ended it: ${why}`, evidence)
}

/** As shells have it. */
function signalOfStatus(code: number): string | undefined {
  return {129: 'SIGHUP', 130: 'SIGINT', 137: 'SIGKILL', 143: 'SIGTERM'}[code]
}

function both(...traces: (Trace | undefined)[]): Trace[] {
  return traces.filter((trace) => trace !== undefined)
}

function shown(verdict: Verdict, why: string, says: string, evidence: readonly Trace[]): Judgement {
  return {verdict, why, says, certainty: 'shown', evidence}
}

function suggested(verdict: Verdict, why: string, says: string, evidence: readonly Trace[]): Judgement {
  return {...shown(verdict, why, says, evidence), certainty: 'suggested'}
}
