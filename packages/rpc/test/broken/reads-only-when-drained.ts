import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const readsOnlyWhenDrained: BrokenTransport = {
  foundBy: 'reads while its write queue is full',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {listen: (receiver) => void near.drained().then(() => near.listen(receiver))}), far]
  },
}
