/**
 * `ws` by itself: sends each client all events of a traffic, and closes. Arguments: the traffic, its number of events, the compression, the
 * address to listen at. Prints its port.
 */
import {once} from 'node:events'

import {WebSocketServer, type WebSocket} from 'ws'

import {compressions} from './compressions.ts'
import {tellPort} from '../rpc/contenders/port.ts'
import {messageOf, type TrafficName} from './traffic.ts'

const [, , traffic = '', events = '', compression = '', host = ''] = process.argv
/** A fast producer waits when this much is queued. */
const maxQueuedBytes = 64 * 1024

const server = new WebSocketServer({host, port: 0, perMessageDeflate: compressions[compression]!})
server.on('connection', (socket) => void sendAll(socket))
await once(server, 'listening')
tellPort((server.address() as {port: number}).port)

async function sendAll(socket: WebSocket): Promise<void> {
  for (let index = 0; index < Number(events); index++) {
    const text = messageOf(traffic as TrafficName, index)
    if (socket.bufferedAmount < maxQueuedBytes) socket.send(text)
    else await new Promise((resolve) => socket.send(text, resolve))
  }
  socket.close()
}
