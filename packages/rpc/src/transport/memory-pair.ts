import {encodeMessage} from './encode-message.ts'
import {TransportError} from '../errors/transport-error.ts'
import type {RawReceiver} from './raw-transport.ts'
import type {CloseReason, JsonRpcMessage, Transport} from './transport.ts'

export interface MemoryPairOptions {
  /**
   * Characters of JSON that may wait for each end to read them; `queuedBytes` counts characters, too. An empty queue takes
   * one message of any length. @default 67_108_864
   */
  maxQueuedBytes?: number
}

/**
 * Two transports that are connected in memory. They encode and decode messages, so the ends share no objects (except for
 * messages that were written as `RawTransport`), and deliver them in a microtask, never during `write`. When one end
 * closes, the other closes after it has delivered the written messages.
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
    write(message, knownText?: string) {
      if (inbox.isClosing || outbox.isClosing) return false
      const text = knownText ?? encodeMessage(message, countReplaced)
      if (outbox.queued > 0 && outbox.queued + text.length > maxQueuedBytes) {
        throw new TransportError(
          'overflow',
          `The write queue is full (${maxQueuedBytes} characters): wait for drained()`,
        )
      }
      outbox.push({text, message: knownText === undefined ? undefined : message})
      return true
    },
    get queuedBytes() {
      return outbox.isClosing ? 0 : outbox.queued
    },
    get replaced() {
      return replaced
    },
    drained: () => outbox.belowMark(maxQueuedBytes / 2),
    listen: (receiver) => inbox.listen(receiver),
    closed: inbox.closed,
    async close(message = 'closed by us') {
      // The other end delivers the messages in its inbox before it closes.
      outbox.end({by: 'peer', message: `the other end closed: ${message}`})
      inbox.end({by: 'us', message})
      await inbox.closed
    },
  }
}

interface Written {
  text: string
  /** The message itself, if its writer handed it over. */
  message: JsonRpcMessage | undefined
}

interface Inbox {
  readonly queued: number
  readonly isClosing: boolean
  readonly closed: Promise<CloseReason>
  push(written: Written): void
  end(reason: CloseReason): void
  listen(receiver: RawReceiver): void
  belowMark(mark: number): Promise<void>
}

/** The messages that were written to one end, and not yet read. */
function createInbox(): Inbox {
  let settle!: (reason: CloseReason) => void
  const closed = new Promise<CloseReason>((resolve) => (settle = resolve))
  let waiting: Written[] = []
  let queued = 0
  let ending: CloseReason | undefined
  let receiver: RawReceiver | undefined
  // Closed by its own end: if that never listens, its messages are never read.
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
      if (receiver) throw new Error('`listen` was called before: a transport has one receiver')
      receiver = next
      schedule()
    },
    belowMark(mark) {
      if (ending || queued <= mark) return Promise.resolve()
      return new Promise((resolve) => waiters.push({mark, resolve}))
    },
  }
}
