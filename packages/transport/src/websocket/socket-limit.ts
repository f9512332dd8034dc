import type {Socket} from 'node:net'

/** A bounded number of sockets in one state, each for a bounded time. */
export interface SocketLimit {
  /** One socket more than allowed ends the oldest. */
  add(socket: Socket): void
  /** The socket has left the state. */
  remove(socket: Socket): void
}

interface Entry {
  socket: Socket
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
      entries.set(key, {socket, onClose, timer: setTimeout(() => socket.destroy(), withinMs).unref()})
      socket.once('close', onClose)
      const [oldest] = entries.values()
      if (entries.size > max) oldest?.socket.destroy()
    },
    remove: (socket) => remove(keyOf(socket)),
  }
}

/** With TLS, the socket of a request is another object than that of its connection. Their addresses are the same. */
function keyOf({localAddress, remoteAddress, remotePort}: Socket): string {
  return `${localAddress} ${remoteAddress} ${remotePort}`
}
