import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const deliversInOneDirection: BrokenTransport = {
  foundBy: 'delivers in both directions at once',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {listen: () => near.listen({message: () => {}})}), far]
  },
}
