/**
 * Divides a time among steps that follow each other. They get nine tenths of it: the rest is for the work between them, so
 * that they end before the whole time has passed.
 */
function divide<Step extends string>(wholeMs: number, shares: Readonly<Record<Step, number>>): Record<Step, number> {
  const sum = Object.values<number>(shares).reduce((total, share) => total + share, 0)
  const steps = Object.entries<number>(shares).map(([step, share]) => [step, Math.floor((wholeMs * 0.9 * share) / sum)])
  return Object.fromEntries(steps) as Record<Step, number>
}

const shutdownMs = 1000
const client = divide(shutdownMs, {saveMs: 9, flushMs: 1, askMs: 4, killMs: 4})
const {hostsMs} = divide(client.askMs, {hostsMs: 1})
const {clientMs} = divide(shutdownMs - hostsMs, {clientMs: 1})
const host = divide(shutdownMs, {hangUpMs: 5, terminateMs: 5, drainMs: 8})

/**
 * How long the ends of processes and connections may take, ms. Each time is a part of the one that waits for it: a process
 * that exits at its deadline while it still waits for another process would leave that one behind.
 */
export const graces = {
  /** A process exits after this time, whatever hangs in it. */
  shutdownMs,
  /** A host reports the end of an attachment within this time; one that is stopped does not. */
  attachmentMs: 1000,
  /** A child that answers one question, and keeps nothing, is killed at once. */
  probe: {graceMs: 0, killAfterMs: 0},
  /** How to stop a child of any kind: longer than `shutdownMs` before SIGTERM, and after it. */
  child: {graceMs: 2 * shutdownMs, killAfterMs: 2 * shutdownMs},
  /** A client that started its gateway saves the draft or prints its last output, sends what waits, and stops the gateway. */
  client: {
    saveMs: client.saveMs,
    flushMs: client.flushMs,
    stop: {graceMs: client.askMs, killAfterMs: client.killMs},
  },
  /**
   * A gateway sends its client what waits, and closes the connections to hosts. Once the client has left, only the second step
   * is left, so that the gateway exits before its client sends SIGTERM.
   */
  gateway: {clientMs, hostsMs},
  /**
   * A host hangs up its shell and the programs in the shell's terminal, then sends SIGTERM, then SIGKILL, saves, and sends its
   * clients what waits for them.
   */
  host: {programs: {graceMs: host.hangUpMs, killAfterMs: host.terminateMs}, drainMs: host.drainMs},
} as const
