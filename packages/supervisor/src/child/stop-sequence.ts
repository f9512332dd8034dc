import {withResolvers} from './with-resolvers.ts'

/** Ends a process group: SIGTERM at one deadline, SIGKILL at the next. */
export interface StopSequence {
  /** SIGTERM after `graceMs`, SIGKILL `killAfterMs` later. Of several calls the earlier deadlines hold. */
  setDeadlines(graceMs: number, killAfterMs: number): void
  /** The leader has exited. The rest of its group cannot be asked by stdin any more, and gets SIGTERM at once. */
  leaderExited(): void
  /** Resolves when the leader has exited, and its group is gone or got SIGKILL. */
  readonly done: Promise<void>
}

/** For each group that is being ended, how to kill it at once: when this process exits, nothing else would end the group. */
const unfinished = new Set<() => void>()
const killAll = () => unfinished.forEach((kill) => kill())

/** How often to check whether a group without a leader is gone, ms: the system does not report it. */
const pollMs = 20
/** Longer timers would fire at once. */
const maxTimerMs = 2 ** 31 - 1

/**
 * `isLeader`: whether the leader's pid still belongs to it, for a process whose exit is not reported to this one. While it
 * returns false, no signal is sent.
 */
export function createStopSequence(
  leader: number,
  onSignal: (signal: NodeJS.Signals) => void,
  isLeader: () => boolean = () => true,
): StopSequence {
  const done = withResolvers<void>()
  const kill = () => send('SIGKILL')
  let step: 'asked' | 'SIGTERM' | 'SIGKILL' = 'asked'
  let termAt = Infinity
  let killAt = Infinity
  let minKillAfterMs = Infinity
  let hasLeader = true
  let timer: NodeJS.Timeout | undefined

  function setDeadlines(graceMs: number, killAfterMs: number): void {
    if (unfinished.size === 0) process.on('exit', killAll)
    unfinished.add(kill)
    const now = performance.now()
    minKillAfterMs = Math.min(minKillAfterMs, killAfterMs)
    termAt = Math.min(termAt, now + graceMs)
    killAt = Math.min(killAt, now + graceMs + minKillAfterMs)
    advance()
  }

  function advance(): void {
    clearTimeout(timer)
    // While any process of the group is left, the system gives the leader's pid to no other process.
    if (!hasLeader && (step === 'SIGKILL' || !signalGroup(leader, 0))) return finish()
    const now = performance.now()
    if (step === 'asked' && now >= termAt) {
      send('SIGTERM')
      // It may be sent late, if this process was not scheduled: the child still gets its whole time.
      killAt += now - termAt
    }
    if (step === 'SIGTERM' && now >= killAt) send('SIGKILL')
    if (step === 'SIGKILL') {
      if (!hasLeader) finish()
      return
    }
    const nextAt = Math.min(step === 'asked' ? termAt : killAt, hasLeader ? Infinity : now + pollMs)
    timer = setTimeout(advance, Math.min(nextAt - now, maxTimerMs))
  }

  function finish(): void {
    unfinished.delete(kill)
    if (unfinished.size === 0) process.off('exit', killAll)
    done.resolve()
  }

  function send(signal: 'SIGTERM' | 'SIGKILL'): void {
    step = signal
    if (hasLeader && !isLeader()) return
    if (signalGroup(leader, signal)) onSignal(signal)
  }

  return {
    setDeadlines,
    leaderExited() {
      hasLeader = false
      setDeadlines(0, minKillAfterMs)
    },
    done: done.promise,
  }
}

/** Signals all processes of a group. False when none is left, or none that this user may signal. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal)
  } catch {
    return false
  }
}
