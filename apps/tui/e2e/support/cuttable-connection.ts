import {once} from 'node:events'
import {connect, createServer, type AddressInfo, type Socket} from 'node:net'

/** A proxy for a server whose connections can be cut, as in a network. */
export interface CuttableLine extends AsyncDisposable {
  /** The URL of the proxy. */
  readonly url: string
  /** Bytes that came from the server. */
  readonly bytesFromServer: number
  /** How many connections clients have made so far. */
  readonly connections: number
  /** Breaks all connections, and refuses new ones until `mend`. */
  cut(): void
  /** Passes nothing on until `mend`, and breaks nothing: neither side is told. */
  freeze(): void
  mend(): void
}

export interface LineOptions {
  /** Cuts a connection on which one side has sent nothing for so long, as many proxies do, ms. @default never */
  idleMs?: number
}

export async function openLine(serverUrl: string, {idleMs}: LineOptions = {}): Promise<CuttableLine> {
  const {hostname, port, protocol} = new URL(serverUrl)
  let isCut = false
  let isFrozen = false
  let bytesFromServer = 0
  let connections = 0
  /** Whom each socket's bytes go to. */
  const others = new Map<Socket, Socket>()
  const proxy = createServer((near) => {
    if (isCut) return void near.resetAndDestroy()
    connections += 1
    const far = connect(Number(port), hostname)
    far.on('data', ({length}) => (bytesFromServer += length))
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      others.set(socket, other)
      socket.on('error', () => undefined).on('close', () => others.delete(socket) && other.destroy())
      if (isFrozen) socket.pause()
      else socket.pipe(other)
      if (idleMs === undefined) continue
      const idle = setTimeout(() => socket.destroy(), idleMs)
      socket.on('data', () => idle.refresh()).on('close', () => clearTimeout(idle))
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const cut = () => {
    isCut = true
    for (const socket of others.keys()) socket.resetAndDestroy()
  }
  return {
    url: `${protocol}//127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get bytesFromServer() {
      return bytesFromServer
    },
    get connections() {
      return connections
    },
    cut,
    freeze() {
      isFrozen = true
      for (const socket of others.keys()) socket.unpipe().pause()
    },
    mend() {
      isCut = false
      if (isFrozen) for (const [socket, other] of others) socket.pipe(other)
      isFrozen = false
    },
    async [Symbol.asyncDispose]() {
      cut()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
