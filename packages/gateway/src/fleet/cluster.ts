import {
  connectFleet,
  copyLog,
  deleteSession,
  FleetError,
  isFleetError,
  listHeldSessions,
  openMachineLeases,
  readHolder,
  type Fleet,
  type FleetAddress,
  type HeldSession,
  type Machine,
  type MachineLeases,
} from '@holdfast/fleet'
import type {Hello} from '@holdfast/protocol'
import {createConnection, isPeerGone, type Connection} from '@holdfast/rpc'

import {awaitGreeting} from '../hosts/greeting.ts'
import {keepShortly} from './keep-shortly.ts'
import type {SessionHolder} from './plan-route.ts'

/** What gateways ask the cluster. All calls throw `FleetError`, at once while it is not connected. */
export interface Cluster {
  /** Who holds a session; `undefined`: nobody has claimed it. */
  readHolder(sessionId: string): Promise<SessionHolder | undefined>
  /** The machines that have a lease; they may be a second old. */
  listMachines(): Promise<readonly Machine[]>
  /** How long a lease lasts, ms, as far as is known. */
  readonly leaseMs: number
  /** The claimed sessions; they may be a second old. */
  listHeld(): Promise<readonly HeldSession[]>
  /**
   * Connects to a host or a gateway; `undefined` where it does not answer, also because the cluster is away. Rejects with what
   * `awaitGreeting` throws, or with the reason of `signal`.
   */
  connect(address: FleetAddress, hello: Hello, signal: AbortSignal): Promise<Connection | undefined>
  copyLog(sessionId: string, options: {file: string; signal: AbortSignal}): Promise<unknown>
  deleteSession(sessionId: string): Promise<void>
}

/** How long lists of machines and claims are used, ms: clients ask for lists of sessions several times in a row. */
const keptMs = 1000

/** After an attempt to connect that failed, how long to wait for the next one, ms: who wants a session of this home must not wait. */
const retryMs = 2000

const defaultLeaseMs = 10_000

/** `open` is called when the cluster is first needed, and again after it failed. `me`: the name of this machine, if it is a member. */
export function createCluster(open: () => Promise<Fleet>, {me}: {me?: string | undefined} = {}): Cluster {
  let opening: Promise<{fleet: Fleet; leases: MachineLeases}> | undefined
  let failed: {error: unknown; at: number} | undefined
  let leaseMs = defaultLeaseMs
  const own = me === undefined ? [] : [me]
  /**
   * Machines to ask the leader for if a list of leases lacks them: `known` are this one and those in the last list, `holders` those with
   * open sessions.
   */
  let known: readonly string[] = own
  let holders: readonly string[] | undefined

  const openAll = async () => {
    const fleet = await open()
    const leases = await openMachineLeases(fleet)
    leaseMs = leases.leaseMs
    return {fleet, leases}
  }

  const opened = async () => {
    if (failed !== undefined && performance.now() - failed.at < retryMs) throw failed.error
    const mine = (opening ??= openAll())
    try {
      const all = await mine
      failed = undefined
      if (all.fleet.isConnected()) return all
    } catch (error) {
      if (opening === mine) {
        opening = undefined
        failed = {error, at: performance.now()}
      }
      throw error
    }
    throw new FleetError('unreachable', 'no server of the cluster can be reached')
  }

  const listHeld = keepShortly(keptMs, async () => {
    const {fleet} = await opened()
    const held: HeldSession[] = []
    for (let shard = 0; shard < fleet.shards; shard++) held.push(...(await listHeldSessions(fleet, shard)))
    holders = [...new Set(held.filter(({state}) => state === 'open').map(({machine}) => machine))]
    return held
  })

  return {
    get leaseMs() {
      return leaseMs
    },
    async readHolder(sessionId) {
      return await readHolder((await opened()).fleet, sessionId)
    },
    listMachines: keepShortly(keptMs, async () => {
      const {leases} = await opened()
      // Once: it may be long, and each list of sessions reads it again. Also where it fails: that may take its whole
      // timeout each time, until the stream has a leader again.
      if (holders === undefined) await listHeld().catch(() => void (holders ??= []))
      const machines = await leases.list({known: [...known, ...(holders ?? [])]})
      known = [...own, ...machines.map(({name}) => name)]
      return machines
    }),
    listHeld,
    async connect(address, hello, signal) {
      let connection: Connection | undefined
      try {
        const {fleet} = await opened()
        connection = createConnection(await connectFleet(fleet, address, {signal}))
        await awaitGreeting(connection, nameOf(address))
        connection.notify('client.hello', hello)
        return connection
      } catch (error) {
        const isSilent = isFleetError(error) && error.code !== 'newer-format'
        if (isSilent || isPeerGone(error)) return undefined
        throw error
      }
    },
    async copyLog(sessionId, options) {
      return await copyLog((await opened()).fleet, sessionId, options)
    },
    async deleteSession(sessionId) {
      await deleteSession((await opened()).fleet, sessionId)
    },
  }
}

function nameOf(address: FleetAddress): string {
  return 'session' in address ? `The host of session ${address.session}` : `Machine ${address.machine}`
}
