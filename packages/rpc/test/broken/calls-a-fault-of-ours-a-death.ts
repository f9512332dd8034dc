import {createMemoryPair} from '../../src/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const callsAFaultOfOursADeath: BrokenTransport = {
  foundBy: 'throws for what JSON cannot carry, and goes on',
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
