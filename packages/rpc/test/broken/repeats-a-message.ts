import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const repeatsAMessage: BrokenTransport = {
  foundBy: 'delivers messages in the order in which they were written',
  open() {
    const [near, far] = createMemoryPair()
    let count = 0
    return [override(near, {write: (message) => near.write(message) && (++count !== 2000 || near.write(message))}), far]
  },
}
