import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'

export const encodesTwice: BrokenTransport = {
  foundBy: 'delivers a message that was written with its text',
  open() {
    const [near, far] = createMemoryPair()
    const write = (message: unknown, text?: string) => near.write((text ?? message) as JsonRpcMessage)
    return [override(near, {write}), far]
  },
}
