import type {Duplex} from 'node:stream'

/** Connections that have not shown yet that they may enter. */
export interface Newcomers {
  /** Adds a connection. One more than 16 ends the oldest. */
  add: (socket: Duplex) => void
  /** The connection may stay. */
  admit(socket: Duplex): void
}

/** Whoever reaches the port may connect. A client sends its token at once, so the oldest of many is not one. */
const MAX_NEWCOMERS = 16
/** How long a connection may take to enter, ms. */
const ENTER_WITHIN_MS = 10_000

export function createNewcomers(): Newcomers {
  const timers = new Map<Duplex, NodeJS.Timeout>()

  function forget(socket: Duplex): void {
    clearTimeout(timers.get(socket))
    timers.delete(socket)
  }

  return {
    add(socket) {
      timers.set(socket, setTimeout(() => socket.destroy(), ENTER_WITHIN_MS).unref())
      socket.once('close', () => forget(socket))
      const [oldest] = timers.keys()
      if (timers.size > MAX_NEWCOMERS) oldest?.destroy()
    },
    admit: forget,
  }
}
