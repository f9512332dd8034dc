import type {InstanceEvent, RecoveryPlan} from '@holdfast/recovery'
import type {Transport} from '@holdfast/rpc'

/** How a client connects to a gateway, the first time and after each loss of the connection. */
export interface GatewayConnector {
  /** Opens a transport to a gateway. `generation` counts from 1. When `signal` aborts, it must end everything that it started. */
  connect(generation: number, signal: AbortSignal): Promise<Transport>
  /** Called when the gateway of the last `connect` has greeted. `ping` resolves when the gateway answers. */
  onOpen?(ping: () => Promise<unknown>): void
  /** Decides what follows the loss of a connection. @default planRecovery of `@holdfast/recovery`: 3 restarts in 60 s */
  plan?(history: readonly InstanceEvent[], now: number): RecoveryPlan
  /** `false` for an error of `connect` that another attempt would meet again. @default true for all errors */
  isStartable?(error: unknown): boolean
}
