import {maxLongReadsTogether, maxRequestBytes, maxUnfinishedBytes, maxUnreadBytes} from '@holdfast/protocol'
import {createReadBudget, createWriteBudget} from '@holdfast/transport/socket'

import {limitConcurrency} from './limit-concurrency.ts'

/** What the clients of this process may send in part, together. */
export const readBudget = createReadBudget(maxUnfinishedBytes)

/** What the clients of this process and the hosts of their sessions may leave unread, together. */
export const writeBudget = createWriteBudget(maxUnreadBytes)

/** Lists, searches and histories, for all clients of this process. */
export const takeLongRead = limitConcurrency(maxLongReadsTogether)

/** What clients of this process have asked for, and have no answer to. */
export const servedTogether = {length: 0, maxLength: maxRequestBytes}

/** The views of clients of this process that watch a session. */
export const watchingViews = new Set<object>()

/**
 * A client with more than this in its send queue is slow, bytes: it gets the rest from the log once the queue has drained. That costs
 * the host, so few clients may have much in their queues, and many have little each.
 */
export function maxWaitingEvents(): number {
  return Math.max(128 * 1024, Math.min(4 * 1024 * 1024, (32 * 1024 * 1024) / watchingViews.size))
}
