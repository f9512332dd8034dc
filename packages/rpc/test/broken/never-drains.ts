import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const neverDrains: BrokenTransport = {
  foundBy: 'is drained when the write queue is empty',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {drained: () => new Promise(() => {})}), far]
  },
}
