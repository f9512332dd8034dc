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
