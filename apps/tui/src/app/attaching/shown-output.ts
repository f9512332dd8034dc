import {createNormalScreen, withoutQueries} from '@holdfast/terminal'

/** Compares what a terminal got of a program's output with what the log has of it. */
export interface ShownOutput {
  /** The modes, and perhaps the alternate screen, with which an attachment begins. */
  begin(first: Uint8Array): void
  /** The whole screen: output was missed, and nobody knows which. */
  repaint(screen: Uint8Array): void
  /** Output that the terminal gets. */
  show(data: Uint8Array): void
  /** Output of the log. */
  log(data: Uint8Array): void
  /**
   * The output of the log that the terminal did not get; `undefined` if that is unknown. The terminal must get it now. Without
   * its queries, which the host has answered when the connection was lost.
   */
  takeMissed(): Uint8Array | undefined
  /** The same at any point: the terminal may have got what the log has not brought yet. */
  takeLogged(): Uint8Array | undefined
  /** The terminal gets no more. Returns the reverse: the output that it got and that the log has not brought yet, if known. */
  end(): Uint8Array
  readonly isEnded: boolean
  /** The terminal shows the alternate screen. */
  readonly isAlternate: boolean
}

/** More output that only one of the two has is counted, and not kept, bytes. */
const maxKeptBytes = 1024 * 1024

/** Both come in the same order, and either may be ahead of the other. The log has no frames of the alternate screen. */
export function createShownOutput(): ShownOutput {
  let normal = createNormalScreen()
  let leader: 'terminal' | 'log' = 'terminal'
  /** The output that only the leader has, bytes. */
  let leadBytes = 0
  /** That output. */
  let lead: Uint8Array[] = []
  let isKept = true
  let isKnown = true
  let isEnded = false

  const forget = () => {
    lead = []
    leadBytes = 0
    isKept = true
  }
  const cutLead = (bytes: number) => {
    leadBytes -= bytes
    if (leadBytes === 0) return forget()
    for (let rest = bytes; isKept && rest > 0;) {
      const [first = new Uint8Array(0), ...others] = lead
      lead = rest < first.length ? [first.subarray(rest), ...others] : others
      rest -= Math.min(rest, first.length)
    }
  }
  const add = (who: typeof leader, data: Uint8Array) => {
    const both = leader === who ? 0 : Math.min(leadBytes, data.length)
    cutLead(both)
    if (both === data.length) return
    leader = who
    leadBytes += data.length - both
    isKept &&= leadBytes <= maxKeptBytes
    if (isKept) lead.push(data.subarray(both))
    else lead = []
    // Output that the terminal lacks, and that is gone.
    if (!isKept && who === 'log') isKnown = false
  }
  const take = (who: typeof leader) => {
    if (leader !== who) return new Uint8Array(0)
    const taken = isKept && isKnown ? Buffer.concat(lead) : new Uint8Array(0)
    forget()
    return taken
  }

  const takeLogged = () => {
    if (!isKnown) return undefined
    const taken = take('log')
    normal.read(taken)
    return withoutQueries(taken)
  }

  return {
    get isAlternate() {
      return normal.isAlternate
    },
    begin: (first) => void normal.read(first),
    repaint(screen) {
      isKnown = false
      forget()
      normal = createNormalScreen()
      normal.read(screen)
    },
    show: (data) => add('terminal', normal.read(data)),
    log: (data) => add('log', data),
    takeMissed() {
      const taken = takeLogged()
      forget()
      isKnown = true
      return taken
    },
    end() {
      isEnded = true
      return take('terminal')
    },
    get isEnded() {
      return isEnded
    },
    takeLogged,
  }
}
