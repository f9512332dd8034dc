import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const dropsLongMessages: BrokenTransport = {
  foundBy: 'delivers a message of 8 MiB',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {write: (message) => JSON.stringify(message).length > 1e6 || near.write(message)}), far]
  },
}
