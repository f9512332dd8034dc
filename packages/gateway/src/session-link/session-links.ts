import {existsSync} from 'node:fs'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {sessionPaths} from '@holdfast/event-log'
import {errorCodes, maxOpenSessions} from '@holdfast/protocol'
import {RpcError, type Connection} from '@holdfast/rpc'

import type {Hosts} from '../hosts/hosts.ts'
import type {SessionLogs} from '../stored-sessions/session-logs.ts'
import {createSessionLink, type SessionLink, type SessionLinkOptions} from './session-link.ts'

export interface SessionLinksOptions {
  home: string
  hosts: Hosts
  logs: SessionLogs
  breadcrumbs: Breadcrumbs
  /** The logs in which a session without a host can be read. @default those of the home, which has all sessions */
  findLogs?: SessionLinkOptions['findLogs'] | undefined
}

/** The links of one client to its sessions, at most `maxOpenSessions`. */
export interface SessionLinks {
  /** The link to a session, a new one if there is none. Throws an `RpcError`, also if the session does not exist or is closed. */
  linkTo(sessionId: string, client: Connection): SessionLink
  /** The link to a session, if there is one. */
  get(sessionId: string): SessionLink | undefined
  /** Closes the link to a session, if there is one. */
  close(sessionId: string): Promise<void>
  closeAll(): Promise<void>
}

export function createSessionLinks({home, hosts, logs, breadcrumbs, findLogs}: SessionLinksOptions): SessionLinks {
  const links = new Map<string, SessionLink>()

  /** Closes the oldest link that the client does not use any more, where one more would be too many. */
  const makeRoom = () => {
    if (links.size < maxOpenSessions) return
    const [unused] = [...links].filter(([, link]) => !link.isBusy)
    if (unused === undefined) {
      const message = `This client watches ${links.size} sessions, the most it may: leave one first`
      throw new RpcError(errorCodes.tooMany, message)
    }
    links.delete(unused[0])
    void unused[1].close()
  }

  return {
    linkTo(sessionId, client) {
      const known = links.get(sessionId)
      if (known !== undefined) return known
      // Where there is a socket, its host knows.
      if (findLogs === undefined && !existsSync(sessionPaths(home, sessionId).socket)) logs.requireOpen(sessionId)
      makeRoom()
      const link = createSessionLink({
        sessionId,
        client,
        hosts,
        logs,
        findLogs,
        breadcrumbs: breadcrumbs.with({session: sessionId}),
        onEnd() {
          if (links.get(sessionId) === link) links.delete(sessionId)
        },
      })
      links.set(sessionId, link)
      return link
    },
    get: (sessionId) => links.get(sessionId),
    async close(sessionId) {
      await links.get(sessionId)?.close()
      links.delete(sessionId)
    },
    async closeAll() {
      await Promise.all([...links.values()].map((link) => link.close()))
    },
  }
}
