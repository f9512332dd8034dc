import type {Socket} from 'node:net'

/** A bounded number of sockets in one state, each for a bounded time. */
export interface SocketLimit {
  /** One socket more than allowed ends the oldest of the address that has most: a flood of one address hurts no other. */
  add(socket: Socket): void
  /** The socket has left the state. */
  remove(socket: Socket): void
}

interface Entry {
  socket: Socket
  address: string | undefined
  timer: NodeJS.Timeout
  onClose: () => void
}

/** `withinMs`: sockets that stay longer are ended. */
export function createSocketLimit({max, withinMs}: {max: number; withinMs: number}): SocketLimit {
  const entries = new Map<string, Entry>()

  function remove(key: string): void {
    const entry = entries.get(key)
    if (entry === undefined) return
    entries.delete(key)
    clearTimeout(entry.timer)
    entry.socket.off('close', entry.onClose)
  }

  return {
    add(socket) {
      const key = keyOf(socket)
      if (socket.destroyed || entries.get(key)?.socket === socket) return
      // An earlier connection from the same port, of which the end has not been told yet.
      remove(key)
      const onClose = () => remove(key)
      const timer = setTimeout(() => socket.destroy(), withinMs).unref()
      entries.set(key, {socket, address: socket.remoteAddress, onClose, timer})
      socket.once('close', onClose)
      if (entries.size > max) oldestOfMost([...entries.values()])?.socket.destroy()
    },
    remove: (socket) => remove(keyOf(socket)),
  }
}

/** The oldest socket of the address that has most. `entries`: the oldest first. */
function oldestOfMost(entries: readonly Entry[]): Entry | undefined {
  const counts = new Map<string | undefined, number>()
  for (const {address} of entries) counts.set(address, (counts.get(address) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return entries.find(({address}) => counts.get(address) === most)
}

/** With TLS, the socket of a request is another object than that of its connection. Their addresses are the same. */
function keyOf({localAddress, remoteAddress, remotePort}: Socket): string {
  return `${localAddress} ${remoteAddress} ${remotePort}`
}
