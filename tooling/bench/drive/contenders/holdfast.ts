import {createBreadcrumbs} from '@holdfast/breadcrumbs'
import {createClient, type GatewayConnector} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {driveSession} from '@holdfast/drive'
import {homePaths} from '@holdfast/event-log'
import {openInProcessGateway} from '@holdfast/gateway'
import {createPromptId} from '@holdfast/protocol'

import {cli, createHome, type Home} from '../../../../apps/tui/e2e/support/home.ts'
import type {Command, Contender, ContenderKind} from '../contender.ts'

/** `@holdfast/drive`, with the gateway in this process. */
export const holdfast: ContenderKind = {isCommand: false, start: () => startDriving(ownGateway)}

/** `@holdfast/drive`, with the gateway in a process of its own, as its README shows it. */
export const holdfastBesideGateway: ContenderKind = {isCommand: false, start: () => startDriving(gatewayProcess)}

function ownGateway({state: home, env}: Home): GatewayConnector {
  const breadcrumbs = createBreadcrumbs({file: homePaths(home).crashLog, role: 'bench'})
  // Hosts get the environment of their gateway.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const hostCommand: Command = ['/usr/bin/env', '-i', ...variables, process.execPath, cli, 'host']
  return {connect: async () => openInProcessGateway({home, hostCommand, version: 'bench', breadcrumbs})}
}

function gatewayProcess({env}: Home): GatewayConnector {
  return localGateway({command: [process.execPath, cli, 'gateway'], env})
}

async function startDriving(gatewayOf: (home: Home) => GatewayConnector): Promise<Contender> {
  const home = createHome()
  const client = createClient({gateway: gatewayOf(home)})
  return {
    async open(program, {cols, rows}) {
      const id = await client.createSession({...agentFor(program), cwd: home.project, cols, rows})
      const driven = driveSession(client, id)
      const ends = new Map<string, () => void>()
      const session = await client.openSession(id, {
        onEvent: (event) => event.type === 'message.complete' && ends.get(event.payload.prompt_id)?.(),
      })
      return {
        waitFor: (text) => driven.waitFor({text}),
        snapshot: async () => void (await driven.snapshot()),
        async runTrue() {
          const promptId = createPromptId()
          const ended = new Promise<void>((resolve) => ends.set(promptId, resolve))
          await session.submit('true', {promptId})
          await ended
          ends.delete(promptId)
        },
        [Symbol.asyncDispose]: () => session.close(),
      }
    },
    pids: () => servingPids(home),
    async [Symbol.asyncDispose]() {
      await client.close()
      await home[Symbol.asyncDispose]()
    },
  }
}

/** Holdfast knows when a command of a shell has ended if the shell is the agent of the session. */
export function agentFor(program: Command): {shell: string} | {program: string[]} {
  return program[0] === '/bin/bash' ? {shell: program[0]} : {program: [...program]}
}

/** The hosts and the gateway of a home. */
export function servingPids(home: Home): number[] {
  return home.processes().flatMap(({role, pid}) => (role === 'host' || role === 'gateway' ? [pid] : []))
}
