import type {Hello, MethodTable} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import type {Caller} from '../caller.ts'
import type {Hosts} from '../hosts/hosts.ts'
import type {SessionLogs} from '../stored-sessions/session-logs.ts'
import type {SummarySender} from '../stored-sessions/summary-sender.ts'

/** The sessions of a fleet, for the gateways of this process: see `openGatewayFleet`. What it opens for a client ends with that. */
export interface GatewayFleet {
  /** What one gateway does with the sessions of all machines. */
  route(local: LocalSessions): RoutedSessions
}

/** What a gateway does with the sessions of its own home. */
export interface LocalSessions {
  home: string
  hosts: Hosts
  logs: SessionLogs
  caller: Caller | undefined
  /** What hosts are told of the client. */
  hello: () => Hello
  /** Tells the client which sessions have changed. */
  sender: SummarySender
}

/** The methods that concern the sessions of all machines, or a session whose host need not run. */
export type RoutedMethod =
  | 'session.create'
  | 'session.list'
  | 'session.search'
  | 'session.events'
  | 'session.delete'
  | 'sessions.watch'
  | 'sessions.unwatch'
  | 'prompt.history'

/** The answers of this home alone. */
export type LocalMethods = Required<Pick<MethodTable<HandlerContext>, RoutedMethod>>

export interface RoutedSessions {
  hosts: Hosts
  /** Tells the client which sessions of this home have changed. */
  sender: SummarySender
  /** The logs in which a session can be read now. */
  findLogs(sessionId: string, signal: AbortSignal): Promise<Pick<SessionLogs, 'read'>>
  methods(local: LocalMethods): LocalMethods
  /** The client is gone. */
  close(): void
}
