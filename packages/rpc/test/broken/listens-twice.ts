import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {Receiver} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const listensTwice: BrokenTransport = {
  foundBy: 'listens only once',
  open() {
    const [near, far] = createMemoryPair()
    const receivers: Receiver[] = []
    const listen = (receiver: Receiver) => {
      if (receivers.push(receiver) > 1) return
      near.listen({message: (message) => receivers.forEach((each) => each.message(message))})
    }
    return [override(near, {listen}), far]
  },
}
