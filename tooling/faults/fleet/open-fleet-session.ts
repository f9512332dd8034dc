import {mkdirSync} from 'node:fs'

import type {TestFleet} from '../../../apps/tui/e2e/support/fleet.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {Prompt} from '../schedule/schedule.ts'
import type {BuildUnderTest} from '../session/build-under-test.ts'
import {createDrivenClient, type DrivenClient} from '../session/driven-client.ts'
import {createObservations, observe, type Observations} from '../session/observations.ts'
import {textOf} from '../session/prompt-text.ts'
import {members} from './fleet-schedule.ts'

/** A session of a fleet, and clients of it: the first one is on the first machine, the others are on none. */
export interface FleetSession {
  /** The folder in which the commands run, on whatever machine, and leave their files. */
  readonly project: string
  readonly observations: Observations
  readonly clients: readonly DrivenClient[]
  readonly submitted: ReadonlySet<string>
  /** The home of each client's gateway. */
  readonly gatewayHomes: readonly string[]
  /** The homes that belong to clients only. */
  readonly homes: readonly string[]
  /** Of a client that is on no machine. */
  readonly env: Readonly<Record<string, string>>
  submit(client: number, prompt: Prompt): void
}

/** Creates a session. Resolves when all clients have opened it. */
export async function openFleetSession(
  {servers, machines}: TestFleet,
  {build, folder}: {build: BuildUnderTest; folder: string},
): Promise<FleetSession> {
  const [project, received] = [`${folder}/project`, `${folder}/received`]
  for (const path of [project, received]) mkdirSync(path)
  const homes = Array.from({length: members.clients}, (_, index) => `${folder}/client-${index + 1}`)
  const gatewayHomes = homes.map((home, index) => machines[index < members.onMachines ? index : -1]?.home.state ?? home)
  const common = {HOME: folder, PATH: process.env['PATH'] ?? '', SHELL: '/bin/bash', LANG: 'C.UTF-8'}
  const envOf = (index: number) => {
    const machine = index < members.onMachines ? machines[index] : undefined
    const urls = (machine?.lines ?? servers).map(({url}) => url)
    const settings = {servers: urls, name: 'main', ...(machine !== undefined && {machine: machine.name})}
    // What a machine loses with its power is the gateway, not the client, which goes on with what it was told.
    return {
      ...common,
      HOLDFAST_HOME: homes[index]!,
      GATEWAY_HOME: gatewayHomes[index]!,
      HOLDFAST_FLEET_SETTINGS: JSON.stringify(settings),
    }
  }
  const observations = createObservations()
  const submitted = new Set<string>()
  const addClient = (index: number) =>
    createDrivenClient({
      name: `client-${index + 1}`,
      build,
      answerer: 'shell',
      env: envOf(index),
      cwd: project,
      received,
      sessionId: () => observations.sessionId,
      onMessage: (message) => observe(observations, message),
    })
  const untilOpen = (client: DrivenClient) =>
    until(() => client.isOpen, {what: 'an open session', timeoutMs: 30_000}).catch((error: unknown) => {
      throw new Error(observations.errors.join('; ') || 'The client reported nothing', {cause: error})
    })

  // The first one creates the session that the others join.
  const clients = [addClient(0)]
  await untilOpen(clients[0]!)
  for (let index = 1; index < members.clients; index++) clients.push(addClient(index))
  await Promise.all(clients.map(untilOpen))

  return {
    project,
    observations,
    clients,
    submitted,
    gatewayHomes,
    homes,
    env: envOf(members.clients - 1),
    submit(client, prompt) {
      submitted.add(prompt.id)
      clients[client]!.submit(prompt.id, textOf(prompt, 1, 'shell'))
    },
  }
}
