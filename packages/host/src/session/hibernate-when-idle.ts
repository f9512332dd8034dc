import type {AgentControl} from '../agent/agent.ts'
import {watchIdleTimeout} from './idle-timeout.ts'

/** Ends an agent whenever it was idle for its time. */
export function hibernateWhenIdle(
  control: AgentControl,
  how: {isBusy: () => boolean; onFault: (error: unknown) => void},
): void {
  const onIdle = () => {
    control.hibernate().catch(how.onFault)
    // It comes back with the next prompt, and may be idle again then.
    hibernateWhenIdle(control, how)
  }
  watchIdleTimeout({isBusy: how.isBusy, onIdle, idleMs: control.hibernateAfterMs})
}
