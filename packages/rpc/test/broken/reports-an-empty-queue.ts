import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const reportsAnEmptyQueue: BrokenTransport = {
  foundBy: 'throws when the write queue is full, and accepts messages again once it has drained',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {queuedBytes: 0}), far]
  },
}
