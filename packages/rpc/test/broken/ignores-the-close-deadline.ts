import {setImmediate as turn} from 'node:timers/promises'
import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {Transport} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const ignoresTheCloseDeadline: BrokenTransport = {
  foundBy: 'closes at its deadline if the other end reads nothing',
  open() {
    const [near, far] = createMemoryPair()
    const close: Transport['close'] = async (message) => {
      while (near.queuedBytes > 0) await turn()
      await near.close(message)
    }
    return [override(near, {close}), far]
  },
}
