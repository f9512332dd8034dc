import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {Receiver} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const losesMessagesBeforeListen: BrokenTransport = {
  foundBy: 'delivers messages that were written before the other end listened',
  open() {
    const [near, far] = createMemoryPair()
    let receiver: Receiver | undefined
    far.listen({message: (message) => receiver?.message(message)})
    return [near, override(far, {listen: (next) => void (receiver = next)})]
  },
}
