import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const repeatsAMessage: BrokenTransport = {
  foundBy: 'delivers what was written, in order',
  open() {
    const [near, far] = createMemoryPair()
    let count = 0
    return [override(near, {write: (message) => near.write(message) && (++count !== 2000 || near.write(message))}), far]
  },
}
