import {planCatchUp} from './plan-catch-up.ts'

export interface CatchUpOptions {
  /** `seq` of the last event that arrived in its place. */
  lastSeq: () => number
  /** Whether the gateway can be asked. */
  isReachable: () => boolean
  /** Events must follow, or the state is not known. Called only while the gateway can be asked. */
  expectsEvents: () => boolean
  /** Asks for the events after the last one; `false`: there was no answer. Must call `answered`, and not reject. */
  ask: () => Promise<boolean>
  /** Asking does not help. `isMissing`: the event after the last one exists, but does not arrive. */
  onGiveUp: (isMissing: boolean) => void
}

/** Notices that events are missing, also where no later event shows the gap, and asks for them. */
export interface CatchUp {
  /** An event arrived in its place. */
  heard(): void
  /** An event or a message may have been lost. `knownSeq`: an event that arrived out of its place. */
  suspect(knownSeq?: number): void
  /** The gateway answered that this is the newest `seq`; the events up to there follow. */
  answered(latestSeq: number): void
  /** `isReachable` or `expectsEvents` may have changed. */
  look(): void
}

export function createCatchUp({lastSeq, isReachable, expectsEvents, ask, onGiveUp}: CatchUpOptions): CatchUp {
  const facts = {knownSeq: 0, isSuspicious: false, heardAt: now(), askedAt: -Infinity, asks: 0, fruitlessAsks: 0}
  let isAsking = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let firesAt = Infinity

  const stopTimer = () => {
    clearTimeout(timer)
    timer = undefined
    firesAt = Infinity
  }

  const look = () => {
    if (!isReachable()) return stopTimer()
    if (isAsking) return
    const plan = planCatchUp({...facts, lastSeq: lastSeq(), expectsEvents: expectsEvents()}, now())
    if (plan.kind === 'ask') return void askNow()
    if (plan.kind === 'give-up') {
      const isMissing = facts.knownSeq > lastSeq()
      Object.assign(facts, {isSuspicious: false, fruitlessAsks: 0, knownSeq: lastSeq()})
      return onGiveUp(isMissing)
    }
    // A timer that fires too early looks again; one for each event would cost more.
    const at = now() + plan.ms
    if (at >= firesAt || plan.ms === Infinity) return
    stopTimer()
    firesAt = at
    timer = setTimeout(() => {
      stopTimer()
      look()
    }, plan.ms)
  }

  const askNow = async () => {
    isAsking = true
    facts.isSuspicious = false
    facts.asks++
    facts.askedAt = now()
    const isAnswered = await ask()
    isAsking = false
    if (!isAnswered) {
      facts.heardAt = now()
      facts.fruitlessAsks++
    }
    look()
  }

  return {
    heard() {
      facts.heardAt = now()
      facts.asks = facts.fruitlessAsks = 0
      // What came before this event on the connection, such as noise, hid no event.
      facts.isSuspicious = false
      if (timer === undefined) look()
    },
    suspect(knownSeq = 0) {
      facts.isSuspicious = true
      facts.knownSeq = Math.max(facts.knownSeq, knownSeq)
      look()
    },
    answered(latestSeq) {
      facts.heardAt = now()
      facts.knownSeq = Math.max(facts.knownSeq, latestSeq)
      if (latestSeq > lastSeq()) facts.fruitlessAsks++
      look()
    },
    look,
  }
}

function now(): number {
  return performance.now()
}
