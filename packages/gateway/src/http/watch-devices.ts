import type {AccessStore} from '@holdfast/access'

/** Connections of devices. */
export interface DeviceConnections {
  /** `end`: ends the connection, as the device was revoked or has expired. Returns a function for the end of the connection. */
  add(deviceId: number, end: () => void): () => void
  /** Ends the connections of devices that are gone. */
  check(): void
}

/** How often the devices are read while one is connected, ms: another process may revoke them. */
const checkEveryMs = 500

/** Ends connections when their devices are revoked, by whatever process, or expire. Does nothing while none is connected. */
export function watchDevices(access: AccessStore, onFault: (error: Error) => void): DeviceConnections {
  const connections = new Set<{deviceId: number; end: () => void}>()
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    try {
      const present = new Set(access.devices().map(({id}) => id))
      for (const {deviceId, end} of connections) if (!present.has(deviceId)) end()
    } catch (error) {
      onFault(error as Error)
    }
  }

  return {
    add(deviceId, end) {
      const connection = {deviceId, end}
      connections.add(connection)
      timer ??= setInterval(check, checkEveryMs).unref()
      return () => {
        connections.delete(connection)
        if (connections.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    check,
  }
}
