import {once} from 'node:events'
import {connect, type Socket} from 'node:net'

import {token} from './serve.ts'

/** A socket that has become a WebSocket of a `holdfast serve`, and answers nothing, not even pings. */
export async function silentClient(url: string): Promise<{socket: Socket; closed: Promise<unknown>}> {
  const {hostname, port} = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  const headers = [
    `Host: ${hostname}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
  ]
  const secrets = ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', `Authorization: Bearer ${token}`]
  socket.write(['GET / HTTP/1.1', ...headers, ...secrets, '', ''].join('\r\n'))
  await once(socket, 'data')
  socket.resume()
  return {socket, closed}
}
