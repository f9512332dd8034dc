import {existsSync} from 'node:fs'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {createClient} from '@holdfast/client'
import {homePaths, sessionPaths} from '@holdfast/event-log'
import type {SessionHosts} from '@holdfast/fleet'
import {openInProcessGateway, type GatewayOptions} from '@holdfast/gateway'
import type {SessionSummary} from '@holdfast/protocol'
import {adoptProcess, readPidFiles, type PidFile} from '@holdfast/supervisor'

/** The hosts of a home, for its machine. `gateway`: without routes to other machines. */
export function createSessionHosts(
  home: string,
  {gateway, breadcrumbs}: {gateway: GatewayOptions; breadcrumbs: Breadcrumbs},
): SessionHosts {
  const findProcess = (sessionId: string): PidFile | undefined =>
    readPidFiles(homePaths(home).run).find(({role, session}) => role === 'host' && session === sessionId)

  /** Starts the host where none runs. */
  const summarize = async (sessionId: string): Promise<SessionSummary | undefined> => {
    const client = createClient({gateway: {connect: () => Promise.resolve(openInProcessGateway(gateway))}})
    try {
      return (await client.request('session.summary', {session_id: sessionId})).summary
    } finally {
      await client.close()
    }
  }

  return {
    async start(sessionId) {
      await summarize(sessionId)
    },
    async stop(sessionId) {
      const found = findProcess(sessionId)
      if (found === undefined) return false
      const host = adoptProcess(found.process, {name: 'host', breadcrumbs: breadcrumbs.with({session: sessionId})})
      await host.stop('its session moves to another machine')
      return true
    },
    check(sessionId) {
      const found = findProcess(sessionId)
      if (found === undefined) return
      try {
        process.kill(found.process.pid, 'SIGCONT')
      } catch {
        // It has just ended.
      }
    },
    async isBusy(sessionId) {
      // Most sessions have no host: nothing runs in them.
      if (!existsSync(sessionPaths(home, sessionId).socket)) return false
      return (await summarize(sessionId))?.state === 'running'
    },
  }
}
