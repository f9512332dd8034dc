import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const reportsAFaultAsAGonePeer: BrokenTransport = {
  foundBy: 'throws for values that JSON cannot represent, and stays open',
  open() {
    const [near, far] = createMemoryPair()
    const write = (message: JsonRpcMessage) => {
      try {
        return near.write(message)
      } catch {
        return false
      }
    }
    return [override(near, {write}), far]
  },
}
