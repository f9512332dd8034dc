import {once} from 'node:events'
import {connect, createServer, type AddressInfo} from 'node:net'

/** A port of 127.0.0.1 that refuses connections, and that no other process can listen on meanwhile. */
export interface RefusingPort extends AsyncDisposable {
  readonly port: number
}

/** Takes the port of this end of a connection: the system gives it to nobody else, and nobody listens on it. */
export async function openRefusingPort(): Promise<RefusingPort> {
  const server = createServer((socket) => socket.unref()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return {
    port: Number(socket.localPort),
    async [Symbol.asyncDispose]() {
      socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
