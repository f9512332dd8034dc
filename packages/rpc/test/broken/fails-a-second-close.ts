import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {Transport} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const failsASecondClose: BrokenTransport = {
  foundBy: 'may be closed twice, and by both ends',
  open() {
    const [near, far] = createMemoryPair()
    let count = 0
    const close: Transport['close'] = async (message) => {
      if (++count > 1) throw new Error('closed already')
      await near.close(message)
    }
    return [override(near, {close}), far]
  },
}
