import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const sharesObjects: BrokenTransport = {
  foundBy: 'shares no object between the ends',
  open() {
    const [near, far] = createMemoryPair()
    const written: JsonRpcMessage[] = []
    return [
      override(near, {write: (message) => near.write(message) && written.push(message) > 0}),
      override(far, {listen: ({message}) => far.listen({message: () => message(written.shift())})}),
    ]
  },
}
