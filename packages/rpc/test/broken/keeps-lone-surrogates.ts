import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import type {JsonRpcMessage} from '../../src/transport/transport.ts'
import {override, type BrokenTransport} from './broken-transport.ts'
import {mapText} from './map-text.ts'

export const keepsLoneSurrogates: BrokenTransport = {
  foundBy: 'replaces each lone surrogate by U+FFFD, and counts it',
  open() {
    const [near, far] = createMemoryPair()
    const hide = (text: string) => text.replaceAll('\ud800', '%D800')
    const show = (text: string) => text.replaceAll('%D800', '\ud800')
    return [
      override(near, {write: (message) => near.write(mapText(message, hide) as JsonRpcMessage)}),
      override(far, {listen: ({message}) => far.listen({message: (each) => message(mapText(each, show))})}),
    ]
  },
}
