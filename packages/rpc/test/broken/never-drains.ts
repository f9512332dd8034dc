import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const neverDrains: BrokenTransport = {
  foundBy: 'is drained when nothing waits',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {drained: () => new Promise(() => {})}), far]
  },
}
