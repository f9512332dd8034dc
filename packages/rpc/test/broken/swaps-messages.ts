import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const swapsMessages: BrokenTransport = {
  foundBy: 'delivers messages in the order in which they were written',
  open() {
    const [near, far] = createMemoryPair()
    let kept: JsonRpcMessage | undefined
    const write = (message: JsonRpcMessage) => {
      const earlier = kept
      kept = earlier ? undefined : message
      return earlier ? near.write(message) && near.write(earlier) : true
    }
    return [override(near, {write}), far]
  },
}
