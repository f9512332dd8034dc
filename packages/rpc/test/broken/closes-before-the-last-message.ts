import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {type BrokenTransport, override} from './broken-transport.ts'

export const closesBeforeTheLastMessage: BrokenTransport = {
  foundBy: 'closes both ends after the last message',
  open() {
    const [near, far] = createMemoryPair()
    const later = (deliver: (message: unknown) => void) => (message: unknown) => void setImmediate(deliver, message)
    return [near, override(far, {listen: ({message}) => far.listen({message: later(message)})})]
  },
}
