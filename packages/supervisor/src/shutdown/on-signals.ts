/** A wrapper, such as npm, passes on each signal. If the whole process group got it, it arrives twice, within this time, ms. */
const passedOnWithinMs = 100

/** Calls the listener with each of these signals, once even if a wrapper passes it on. Returns a function that stops that. */
export function onSignals(signals: readonly NodeJS.Signals[], listener: (signal: NodeJS.Signals) => void): () => void {
  const lastAt = new Map<NodeJS.Signals, number>()
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (now - (lastAt.get(signal) ?? -Infinity) < passedOnWithinMs) return
    lastAt.set(signal, now)
    listener(signal)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
}
