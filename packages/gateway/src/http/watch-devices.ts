import type {AccessStore} from '@holdfast/access'

/** Connections of devices. */
export interface DeviceConnections {
  /** `end`: ends the connection, for a reason in words. Returns a function for the end of the connection. */
  add(deviceId: number, end: (reason: string) => void): () => void
  /** Ends the connections of devices that are gone. */
  check(): void
}

/** How often the devices are read while one is connected, ms: another process may revoke them. */
const checkEveryMs = 500
/** After so many failed reads in a row, nobody knows which devices were revoked: all are disconnected. */
const maxFaults = 20

/**
 * Ends connections when their devices are revoked, by whatever process, or expire, and all of them when that cannot be found
 * out for 10 s. Does nothing while none is connected.
 */
export function watchDevices(access: AccessStore, onFault: (error: Error) => void): DeviceConnections {
  const connections = new Set<{deviceId: number; end: (reason: string) => void}>()
  let faults = 0
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    try {
      const present = new Set(access.devices().map(({id}) => id))
      faults = 0
      for (const {deviceId, end} of connections) {
        if (!present.has(deviceId)) end('this device was revoked or has expired')
      }
    } catch (error) {
      onFault(error as Error)
      faults++
      if (faults < maxFaults) return
      for (const {end} of connections) end('the server cannot read which devices may connect')
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
