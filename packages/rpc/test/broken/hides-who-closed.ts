import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const hidesWhoClosed: BrokenTransport = {
  foundBy: 'may be closed before it listens',
  open() {
    const [near, far] = createMemoryPair()
    return [override(near, {closed: near.closed.then((reason) => ({...reason, by: 'peer'}))}), far]
  },
}
