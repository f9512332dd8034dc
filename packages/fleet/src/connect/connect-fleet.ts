import type {Transport} from '@holdfast/rpc'
import {errors, type Msg} from '@nats-io/transport-node'

import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {requireConnection} from '../stream/require-connection.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import {addressSubject, describeAddress, linkSubject, type FleetAddress} from './fleet-address.ts'
import {encodeFrame} from './frame.ts'
import {encodeEnd, readWelcome} from './handshake.ts'
import type {LinkOptions} from './link-options.ts'
import {createEnd, openLink, type Link} from './open-link.ts'

export interface ConnectFleetOptions extends LinkOptions {
  /** How long to wait for the answer, ms. @default 2000 */
  timeoutMs?: number
  /** Gives up. */
  signal?: AbortSignal | undefined
}

/**
 * Connects to an address. Rejects with a `FleetError`: `nobody-listens`, at once; `unreachable`, if the cluster is away, or who
 * listens does not answer or takes no more connections; `newer-format`; `forbidden`. With the reason of `signal` if that is aborted.
 */
export async function connectFleet(
  fleet: Fleet,
  address: FleetAddress,
  options: ConnectFleetOptions = {},
): Promise<Transport> {
  const {timeoutMs = 2000, signal, ...linkOptions} = options
  signal?.throwIfAborted()
  const subject = addressSubject(fleet.name, address)
  requireConnection(fleet)
  const {connection} = natsOf(fleet)
  const own = createEnd()
  let link: {peerId: string; receive: Link['receive']} | undefined

  const route = (message: Msg) => {
    const from = message.subject.split('.').at(-1)!
    if (from === link?.peerId) return link.receive(message)
    // Another one that listens at the address has answered, too.
    const abort = encodeFrame({kind: 'abort', count: 0, taken: 0, body: new Uint8Array()})
    if (link !== undefined) connection.publish(linkSubject(fleet.name, {to: from, from: own.id}), abort)
  }
  const subscription = connection.subscribe(linkSubject(fleet.name, {to: own.id, from: '*'}), {
    callback: (error, message) => {
      if (error === null) route(message)
    },
  })
  try {
    const answer = await unlessAborted(connection.request(subject, encodeEnd(own), {timeout: timeoutMs}), signal)
    const peer = readWelcome(answer.data, describeAddress(address))
    const opened = openLink(fleet, {own, peer, onClosed: () => subscription.unsubscribe()}, linkOptions)
    link = {peerId: peer.id, receive: opened.receive}
    opened.start()
    return opened.transport
  } catch (error) {
    subscription.unsubscribe()
    throw signal?.aborted ? signal.reason : toConnectError(error, address)
  }
}

async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work
  const {promise, reject} = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function toConnectError(error: unknown, address: FleetAddress): FleetError {
  const what = describeAddress(address)
  if (error instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders())) {
    return new FleetError('nobody-listens', `Nobody in the fleet serves ${what} now`, {cause: error})
  }
  if (error instanceof errors.TimeoutError) {
    return new FleetError('unreachable', `The ${what} does not answer`, {cause: error})
  }
  return toFleetError(error)
}
