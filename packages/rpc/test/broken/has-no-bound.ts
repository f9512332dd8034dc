import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {BrokenTransport} from './broken-transport.ts'

export const hasNoBound: BrokenTransport = {
  foundBy: 'refuses what a full queue cannot hold, and goes on once it has drained',
  open: () => createMemoryPair({maxQueuedBytes: Infinity}),
}
