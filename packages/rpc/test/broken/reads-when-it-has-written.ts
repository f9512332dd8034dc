import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const readsWhenItHasWritten: BrokenTransport = {
  foundBy: 'reads while what it wrote waits',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {listen: (receiver) => void near.drained().then(() => near.listen(receiver))}), far]
  },
}
