import {encodeMessage} from './encode-message.ts'
import {TransportError} from '../errors/transport-error.ts'
import type {CloseReason, JsonRpcMessage, Receiver, Transport} from './transport.ts'

export interface MemoryPairOptions {
  /**
   * Characters of JSON that may wait for the reader of each end; `queuedBytes` counts the same. One message is always
   * taken when none waits. @default 67_108_864
   */
  maxQueuedBytes?: number
}

/**
 * Two transports, joined in memory. Messages are encoded and decoded on the way, so that nothing is shared (one that was
 * written with its text is handed over), and are delivered in a microtask, never from within `write`. Closing one end
 * closes the other after what was written.
 */
export function createMemoryPair(options: MemoryPairOptions = {}): [Transport, Transport] {
  const {maxQueuedBytes = 64 * 1024 * 1024} = options
  const toLeft = createInbox()
  const toRight = createInbox()
  return [createEnd(toLeft, toRight, maxQueuedBytes), createEnd(toRight, toLeft, maxQueuedBytes)]
}

function createEnd(inbox: Inbox, outbox: Inbox, maxQueuedBytes: number): Transport {
  let replaced = 0
  const countReplaced = (count: number) => void (replaced += count)
  return {
    write(message, known) {
      if (inbox.isClosing || outbox.isClosing) return false
      const text = known ?? encodeMessage(message, countReplaced)
      if (outbox.queued > 0 && outbox.queued + text.length > maxQueuedBytes) {
        throw new TransportError(
          'overflow',
          `Expected at most ${maxQueuedBytes} characters to wait, got ${outbox.queued + text.length}`,
        )
      }
      outbox.push({text, message: known === undefined ? undefined : message})
      return true
    },
    get queuedBytes() {
      return outbox.queued
    },
    get replaced() {
      return replaced
    },
    drained: () => outbox.belowMark(maxQueuedBytes / 2),
    listen: (receiver) => inbox.listen(receiver),
    closed: inbox.closed,
    async close(message = 'closed by us') {
      // What was written lies in the other end's inbox, and is delivered before its end.
      outbox.end({by: 'peer', message: `the other end closed: ${message}`})
      inbox.end({by: 'us', message})
      await inbox.closed
    },
  }
}

interface Written {
  text: string
  /** What it says, where its writer has handed it over. */
  message: JsonRpcMessage | undefined
}

interface Inbox {
  readonly queued: number
  readonly isClosing: boolean
  readonly closed: Promise<CloseReason>
  push(written: Written): void
  end(reason: CloseReason): void
  listen(receiver: Receiver): void
  belowMark(mark: number): Promise<void>
}

/** What was written to one end, and not yet read. */
function createInbox(): Inbox {
  const {promise: closed, resolve: settle} = Promise.withResolvers<CloseReason>()
  let waiting: Written[] = []
  let queued = 0
  let ending: CloseReason | undefined
  let receiver: Receiver | undefined
  // Closed by its own end: if that end never listened, nobody will read what lies here.
  let isAbandoned = false
  let isScheduled = false
  let waiters: {mark: number; resolve: () => void}[] = []

  function schedule(): void {
    if (isScheduled || !(receiver || isAbandoned)) return
    isScheduled = true
    queueMicrotask(deliver)
  }

  function deliver(): void {
    isScheduled = false
    const batch = waiting
    waiting = []
    for (const {text, message} of batch) {
      queued -= text.length
      receiver?.message(message ?? JSON.parse(text), text)
    }
    if (waiting.length > 0) return schedule()
    if (ending) settle(ending)
    wake()
  }

  function wake(): void {
    const ready = waiters.filter(({mark}) => ending || queued <= mark)
    waiters = waiters.filter((waiter) => !ready.includes(waiter))
    for (const {resolve} of ready) resolve()
  }

  return {
    get queued() {
      return queued
    },
    get isClosing() {
      return ending !== undefined
    },
    closed,
    push(written) {
      waiting.push(written)
      queued += written.text.length
      schedule()
    },
    end(reason) {
      ending ??= reason
      if (reason.by === 'us') isAbandoned = true
      schedule()
      wake()
    },
    listen(next) {
      if (receiver) throw new Error('Expected `listen` to be called once, got a second call')
      receiver = next
      schedule()
    },
    belowMark(mark) {
      if (ending || queued <= mark) return Promise.resolve()
      return new Promise((resolve) => waiters.push({mark, resolve}))
    },
  }
}
