/**
 * `ws` by itself, with `JSON.parse`: checks that events come once and in order. Arguments: the URL, the number of events, the name
 * of `compressions`, and for the session of a gateway its id and the token. Prints what it measured.
 */
import {once} from 'node:events'

import {WebSocket} from 'ws'

import {compressions} from './compressions.ts'

export interface ClientFigures {
  /** From the request to the last event. */
  ms: number
  /** What the connection has brought. */
  bytes: number
  cpuMs: number
}

const [, , url = '', count = '', compression = '', session_id, token] = process.argv
const headers = token === undefined ? {} : {authorization: `Bearer ${token}`}
const socket = new WebSocket(url, {headers, perMessageDeflate: compressions[compression]!})
const upgrade = once(socket, 'upgrade')
const last = Promise.withResolvers<void>()
let seq = 0
socket.on('message', (data: Buffer) => {
  const {params} = JSON.parse(data.toString()) as {params?: {seq?: number}}
  if (params?.seq === undefined) return
  if (params.seq !== ++seq) last.reject(new Error(`Expected event ${seq}, got ${params.seq}`))
  if (seq === Number(count)) last.resolve()
})
await once(socket, 'open')
const [{socket: connection}] = (await upgrade) as [{socket: {bytesRead: number}}]
const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
if (session_id !== undefined) {
  socket.send(JSON.stringify({jsonrpc: '2.0', id: 1, method: 'session.resume', params: {session_id, after_seq: 0}}))
}
await last.promise
const {user, system} = process.cpuUsage(cpu)
const figures: ClientFigures = {
  ms: performance.now() - startedAt,
  bytes: connection.bytesRead,
  cpuMs: (user + system) / 1000,
}
console.log(JSON.stringify(figures))
process.exit()
