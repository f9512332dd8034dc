import type {Transport} from '../../src/transport/transport.ts'

/** A transport with one fault, and the check that finds it. */
export interface BrokenTransport {
  readonly foundBy: string
  open(): readonly [Transport, Transport]
}

/** A transport that does some things differently. */
export function override(end: Transport, changes: Partial<Transport>): Transport {
  return Object.create(end, Object.getOwnPropertyDescriptors(changes)) as Transport
}
