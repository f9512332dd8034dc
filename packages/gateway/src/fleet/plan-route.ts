/** Who holds a session, as the cluster says. */
export interface SessionHolder {
  machine: string
  state: 'open' | 'closed' | 'deleted'
  needs: readonly string[]
}

export interface RouteFacts {
  /** The name of this machine, if it is a member of the fleet. */
  me: string | undefined
  /** `undefined`: nobody has claimed the session. `unknown`: the cluster cannot be asked. */
  holder: SessionHolder | undefined | 'unknown'
  /** This home has a log of the session. */
  hasLog: boolean
}

/** Where a session is that no host has answered for. */
export type Route =
  | {kind: 'here'; holder: SessionHolder | undefined | 'unknown'}
  | {kind: 'elsewhere'; holder: SessionHolder}
  | {kind: 'deleted'}
  /** Only the cluster knows. */
  | {kind: 'unknown'}

/**
 * Decides where a session is that no host has answered for. A log in this home says little, since another machine may have taken
 * the session over. Without the cluster, its host decides.
 */
export function planRoute({me, holder, hasLog}: RouteFacts): Route {
  if (holder === 'unknown') return hasLog ? {kind: 'here', holder} : {kind: 'unknown'}
  if (holder?.state === 'deleted') return {kind: 'deleted'}
  if (holder === undefined || holder.machine === me) return {kind: 'here', holder}
  return {kind: 'elsewhere', holder}
}

/** The claim of a session of this machine, if it is known. This machine may still be reading the log back. */
export function claimOf({holder}: Extract<Route, {kind: 'here'}>): SessionHolder | undefined {
  return holder === 'unknown' ? undefined : holder
}
