import type {Transport} from '@holdfast/rpc'
import type {RawTransport} from '@holdfast/rpc/raw'
import {CLOSE_DEADLINE_MS} from './messages/limits.ts'

/**
 * Returns a transport that copies messages written to `first` to the other transports, for observers. `first` alone decides
 * which messages arrive, what `write` returns and why the tee closes. The others miss messages that they cannot take; they never
 * delay or end the first. The tee owns all of them: nothing else may listen to them.
 */
export function createTee(first: Transport, ...others: readonly Transport[]): Transport
export function createTee(first: RawTransport, ...others: readonly RawTransport[]): Transport {
  const closed = first.closed.then(async (reason) => {
    void closeOthers(`the first transport closed: ${reason.message}`)
    return reason
  })

  function closeOthers(message: string, options?: {deadlineMs?: number}): Promise<unknown> {
    return Promise.allSettled(others.map(async (other) => other.close(message, options)))
  }

  return {
    write(message, knownText?: string) {
      if (!first.write(message, knownText)) return false
      for (const other of others) attempt(() => other.write(message, knownText))
      return true
    },
    get queuedBytes() {
      return first.queuedBytes
    },
    get replaced() {
      return first.replaced
    },
    drained: () => first.drained(),
    listen(receiver) {
      first.listen(receiver)
      // Without a reader, their pipes would fill up, and their ends would go unnoticed.
      for (const other of others) attempt(() => other.listen({message: () => {}}))
    },
    closed,
    async close(message = 'closed by us', options = {}) {
      const {deadlineMs = CLOSE_DEADLINE_MS} = options
      const closing = closeOthers(message, {deadlineMs})
      try {
        await first.close(message, options)
      } finally {
        await within(closing, deadlineMs)
      }
    },
  }
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch {
    // An observer that is full or broken misses the message.
  }
}

async function within(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, deadlineMs)))])
  clearTimeout(timer)
}
