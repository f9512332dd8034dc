import {randomUUID} from 'node:crypto'

import {createLiveness} from '@holdfast/recovery'
import type {Transport} from '@holdfast/rpc'
import {createStreamTransport} from '@holdfast/transport'
import type {Msg} from '@nats-io/transport-node'

import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {linkSubject} from './fleet-address.ts'
import {maxBodyBytes} from './frame.ts'
import type {LinkEnd} from './handshake.ts'
import {defaultDeadlineMs, type LinkOptions} from './link-options.ts'
import {createLinkStream, lostError} from './link-stream.ts'

/** How much an end takes before it was read, bytes. */
const windowBytes = 1024 * 1024

export function createEnd(): LinkEnd {
  return {id: randomUUID(), window: windowBytes}
}

/** One end of a connection over NATS. */
export interface Link {
  readonly transport: Transport
  /** Takes a message for this end. */
  receive(message: Msg): void
  /** Shows the other end that this one is there. */
  start(): void
}

/** Opens an end of a connection whose other end is known. The caller passes it the messages for it until `onClosed`. */
export function openLink(
  fleet: Fleet,
  {own, peer, onClosed}: {own: LinkEnd; peer: LinkEnd; onClosed: () => void},
  options: LinkOptions,
): Link {
  const {pingMs = 3000, deadlineMs = defaultDeadlineMs, ...streamOptions} = options
  const {connection} = natsOf(fleet)
  const to = linkSubject(fleet.name, {to: peer.id, from: own.id})
  // Where a server says that nobody gets a frame.
  const reply = linkSubject(fleet.name, {to: own.id, from: peer.id})
  const liveness = createLiveness(performance.now(), {pingMs, deadlineMs})
  let isResponsive = false

  const link = createLinkStream({
    window: own.window,
    peerWindow: peer.window,
    maxBodyBytes: maxBodyBytes(connection.info?.max_payload ?? Infinity, peer.window),
    send(frame) {
      // Without a server, the client would keep it in memory.
      if (fleet.isConnected() && !connection.isClosed()) connection.publish(to, frame, {reply})
    },
    onClosed() {
      clearInterval(timer)
      stopListening()
      onClosed()
    },
  })
  const timer = setInterval(() => {
    const next = liveness.check(performance.now(), isResponsive)
    isResponsive = false
    if (next === 'ping') link.ping()
    if (next === 'gone') link.lose(lostError('its heartbeat timed out', 'ETIMEDOUT'))
  }, liveness.checkEveryMs)
  const stopListening = fleet.onDisconnect(() => link.lose(lostError('the connection to the cluster was lost')))

  return {
    transport: createStreamTransport({readable: link.stream, writable: link.stream}, streamOptions),
    receive(message) {
      if (isUndeliverable(message)) return link.lose(lostError('the other end is gone'))
      isResponsive = true
      link.receive(message.data)
    },
    start: link.ping,
  }
}

/** Whether a server says that nobody gets what was sent. */
function isUndeliverable({data, headers}: Msg): boolean {
  return data.length === 0 && headers?.code === 503
}
