import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const throwsAfterClose: BrokenTransport = {
  foundBy: 'returns false from writes after a close, on both ends',
  open() {
    const [near, far] = createMemoryPair()
    const write = (message: JsonRpcMessage) => {
      if (near.write(message)) return true
      throw new Error('write after end')
    }
    return [override(near, {write}), far]
  },
}
