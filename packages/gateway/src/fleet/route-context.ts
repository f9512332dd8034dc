import type {Hello} from '@holdfast/protocol'

import type {LocalSessions} from './gateway-fleet.ts'
import type {Cluster} from './cluster.ts'
import type {LogCopies} from './log-copies.ts'
import type {MachinesWatch} from './watch-machines.ts'

/** What routing needs: one gateway's own sessions, and what all gateways of this process have together. */
export interface RouteContext {
  local: LocalSessions
  cluster: Cluster
  copies: LogCopies
  watch: MachinesWatch
  /** The name of this machine, if it is a member of the fleet. */
  me: string | undefined
  /** What gateways of other machines are told. */
  hello: Hello
}
