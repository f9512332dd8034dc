import {planReconnect, type InstanceEvent, type RecoveryPlan} from '@holdfast/recovery'

/** Plans when to connect again to a server. The clients of one that comes back do not all connect at the same moment. */
export function planLostConnection(history: readonly InstanceEvent[], now: number): RecoveryPlan {
  return planReconnect(history, now, {jitter: Math.random()})
}
