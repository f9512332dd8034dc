import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {Receiver} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const deliversDuringWrite: BrokenTransport = {
  foundBy: 'delivers nothing during a write',
  open() {
    const [near, far] = createMemoryPair()
    let deliver: Receiver['message'] = () => {}
    return [
      override(near, {
        write(message) {
          deliver(JSON.parse(JSON.stringify(message)))
          return true
        },
      }),
      override(far, {
        listen(receiver) {
          far.listen(receiver)
          deliver = receiver.message
        },
      }),
    ]
  },
}
