import type {Transport} from '@holdfast/rpc'
import {createReadBudget, createWriteBudget} from '@holdfast/transport'
import type {Msg} from '@nats-io/transport-node'

import type {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {requireConnection} from '../stream/require-connection.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import {addressSubject, linkSubject, type FleetAddress} from './fleet-address.ts'
import {encodeEnd, encodeRefusal, readHello, type LinkEnd} from './handshake.ts'
import {defaultDeadlineMs, type LinkOptions} from './link-options.ts'
import {createEnd, openLink, type Link} from './open-link.ts'

export interface ListenFleetOptions extends LinkOptions {
  /** Connections at once; further ones are refused. @default 256 */
  maxConnections?: number
  /** Reports that the cluster does not let this machine listen. @default ignored */
  onFault?: (error: FleetError) => void
}

export interface FleetListener {
  /** Resolves once a server knows that this process listens, or after `close`. Never rejects. */
  readonly listening: Promise<void>
  /** Accepts no more connections. Open transports stay open. */
  close(): Promise<void>
}

/**
 * Accepts connections at an address for as long as the fleet is open. Listens also while the cluster is away, as soon as it is back.
 * Throws a `FleetError` `closed`, or a `RangeError` for an address that cannot be one.
 */
export function listenFleet(
  fleet: Fleet,
  address: FleetAddress,
  onTransport: (transport: Transport) => void,
  options: ListenFleetOptions = {},
): FleetListener {
  const {maxConnections = 256, onFault, deadlineMs = defaultDeadlineMs, ...given} = options
  const linkOptions = {readBudget: createReadBudget(), writeBudget: createWriteBudget(), deadlineMs, ...given}
  requireConnection(fleet, {mayBeAway: true})
  const {connection} = natsOf(fleet)
  /** The other ends of all connections: whoever asks twice is answered once. */
  const peers = new Set<string>()

  /** Answers, and opens the connection with the first frame of the other end: until then, it may have given up. */
  const accept = (peer: LinkEnd, answer: (own: LinkEnd) => void) => {
    const own = createEnd()
    let link: Link | undefined
    peers.add(peer.id)
    const forget = () => {
      clearTimeout(timer)
      subscription.unsubscribe()
      peers.delete(peer.id)
    }
    const timer = setTimeout(forget, deadlineMs)
    const receive = (message: Msg) => {
      if (link === undefined) {
        clearTimeout(timer)
        link = openLink(fleet, {own, peer, onClosed: forget}, linkOptions)
        onTransport(link.transport)
      }
      link.receive(message)
    }
    const subscription = connection.subscribe(linkSubject(fleet.name, {to: own.id, from: peer.id}), {
      callback: (error, message) => (error === null ? receive(message) : onFault?.(toFleetError(error))),
    })
    answer(own)
  }

  const decide = (message: Msg) => {
    const asked = readHello(message.data)
    if (asked.kind === 'refused') return void message.respond(encodeRefusal(asked))
    if (peers.has(asked.end.id)) return
    if (peers.size >= maxConnections) {
      const refused = `it has ${maxConnections} connections, and takes no more`
      return void message.respond(encodeRefusal({code: 'busy', refused}))
    }
    accept(asked.end, (own) => message.respond(encodeEnd(own)))
  }

  const subscription = connection.subscribe(addressSubject(fleet.name, address), {
    callback: (error, message) => (error === null ? decide(message) : onFault?.(toFleetError(error))),
  })
  const {promise: listening, resolve: confirm} = Promise.withResolvers<void>()
  const ask = () => void flush(fleet).then((isAnswered) => isAnswered && confirm())
  const stopAsking = fleet.onReconnect(ask)
  void listening.then(stopAsking)
  ask()
  return {
    listening,
    async close() {
      subscription.unsubscribe()
      confirm()
      // Once the server has answered, it does not pass questions to this one any more.
      await flush(fleet)
    },
  }
}

/** Whether a server has answered, and so knows all that was sent before. */
async function flush(fleet: Fleet): Promise<boolean> {
  if (!fleet.isConnected()) return false
  return natsOf(fleet)
    .connection.flush()
    .then(
      () => true,
      () => false,
    )
}
