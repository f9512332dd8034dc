import type {Transport} from '@holdfast/rpc'

/**
 * One transport that others may watch: what is written to the first is written to the others too. The first decides:
 * what arrives, what `write` says and why it is closed are its own. The others are best effort: what they cannot take is
 * left out, and nothing that they do slows or ends the first. All belong to the tee; nobody else may listen to them.
 */
export function createTee(first: Transport, ...others: readonly Transport[]): Transport {
  const closed = first.closed.then(async (reason) => {
    void closeOthers(`the first was closed: ${reason.message}`)
    return reason
  })

  function closeOthers(message: string, options?: {deadlineMs?: number}): Promise<unknown> {
    return Promise.allSettled(others.map(async (other) => other.close(message, options)))
  }

  return {
    write(message, text) {
      if (!first.write(message, text)) return false
      for (const other of others) attempt(() => other.write(message, text))
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
      // Else what they send would fill their pipes, and their end would not be noticed.
      for (const other of others) attempt(() => other.listen({message: () => {}}))
    },
    closed,
    async close(message = 'closed by us', options = {}) {
      const {deadlineMs = CLOSE_DEADLINE_MS} = options
      const ending = closeOthers(message, {deadlineMs})
      try {
        await first.close(message, options)
      } finally {
        await within(ending, deadlineMs)
      }
    },
  }
}

const CLOSE_DEADLINE_MS = 1000

function attempt(work: () => unknown): void {
  try {
    work()
  } catch {
    // Best effort: one that is full or broken misses the message.
  }
}

async function within(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, deadlineMs)))])
  clearTimeout(timer)
}
