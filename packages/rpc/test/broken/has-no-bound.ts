import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {BrokenTransport} from './broken-transport.ts'

export const hasNoBound: BrokenTransport = {
  foundBy: 'throws when the write queue is full, and accepts messages again once it has drained',
  open: () => createMemoryPair({maxQueuedBytes: Infinity}),
}
