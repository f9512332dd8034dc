import type {RecoveryPlan, InstanceEvent} from '@holdfast/recovery'
import type {Transport} from '@holdfast/rpc'

/** How a client comes to a gateway, the first time and after each death of its line. */
export interface GatewayConnector {
  /** Opens a transport to a gateway. `generation` counts from 1; when `signal` aborts, it cleans up after itself. */
  connect(generation: number, signal: AbortSignal): Promise<Transport>
  /** Told when the line of the last `connect` is open. `ping` asks the gateway for a sign of life. */
  onOpen?(ping: () => Promise<unknown>): void
  /** Decides what follows a death. @default planRecovery of `@holdfast/recovery`: at most 3 starts in 60 s */
  plan?(history: readonly InstanceEvent[], now: number): RecoveryPlan
  /** False when an error of `connect` will not go away by trying again. @default every error may */
  isStartable?(error: unknown): boolean
}
