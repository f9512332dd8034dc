import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const keepsItsQueueAfterClose: BrokenTransport = {
  foundBy: 'has an empty queue once either end has closed, as nothing waits for room any more',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {queuedBytes: 100_000}), far]
  },
}
