import {createMemoryPair} from '../../src/transport/memory-pair.ts'
import {override, type BrokenTransport} from './broken-transport.ts'
import {mapText} from './map-text.ts'

export const splitsCharacters: BrokenTransport = {
  foundBy: 'delivers any text',
  open() {
    const [near, far] = createMemoryPair()
    const asLatin1 = (text: string) => Buffer.from(text, 'latin1').toString('latin1')
    return [
      near,
      override(far, {listen: ({message}) => far.listen({message: (each) => message(mapText(each, asLatin1))})}),
    ]
  },
}
