import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const swallowsWhatIsTooMuch: BrokenTransport = {
  foundBy: 'refuses what a full queue cannot hold, and goes on once it has drained',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {write: (message) => near.queuedBytes > 3e7 || near.write(message)}), far]
  },
}
