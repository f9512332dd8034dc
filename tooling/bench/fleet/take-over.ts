import {setTimeout as delay} from 'node:timers/promises'

import {createClient, type Client} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createPromptId} from '@holdfast/protocol'

import {startFleet, type FleetMachine, type TestFleet} from '../../../apps/tui/e2e/support/fleet.ts'
import {cli} from '../../../apps/tui/e2e/support/home.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'

/** How long the lease of a machine lasts, ms: as `serve` has it. */
export const leaseMs = 10_000

/** The built command: a machine with a session is killed. The time until a client, which is on no machine, has its next prompt accepted; s. */
export async function* measureTakeOver(program: string, rounds: number): AsyncGenerator<number> {
  await using fleet = await startFleet({program, promise: 'replicated', leaseMs})
  const id = await createSession(fleet)
  await delay(leaseMs)
  for (let round = 0; round < rounds; round++) {
    // Another one each time: a client whose session loses its host again and again stops trying, and asks its user.
    const client = openClient(fleet)
    try {
      const session = await client.openSession(id, {onEvent: () => {}})
      await until(() => session.state.running === null, {what: 'the end of the last prompt'})
      const holder = await until(() => holderOf(fleet.machines), {what: 'the host of the session'})
      const startedAt = performance.now()
      await holder.kill()
      await submit(client, id)
      yield (performance.now() - startedAt) / 1000
      await holder.start()
    } finally {
      await client.close()
    }
    // A machine that has just joined gives the others one lease more: it has not seen them alive.
    await delay(leaseMs)
  }
}

async function createSession(fleet: TestFleet): Promise<string> {
  const client = openClient(fleet)
  try {
    const id = await client.createSession({cwd: fleet.machines[0]!.home.project})
    const session = await client.openSession(id, {onEvent: () => {}})
    await session.submit('true')
    return id
  } finally {
    await client.close()
  }
}

function openClient(fleet: TestFleet): Client {
  const {home} = fleet.addClient()
  const settings = JSON.stringify({servers: fleet.servers.map(({url}) => url), name: 'main'})
  return createClient({
    gateway: localGateway({
      command: [process.execPath, cli, 'gateway'],
      env: {...home.env, HOLDFAST_FLEET_SETTINGS: settings},
    }),
  })
}

function holderOf(machines: readonly FleetMachine[]): FleetMachine | undefined {
  return machines.find(({home}) => home.processes().some(({role}) => role === 'host'))
}

/** As a person would: again, until somebody takes it. It runs once, whatever happens. */
async function submit(client: Client, sessionId: string): Promise<void> {
  const prompt = {session_id: sessionId, prompt_id: createPromptId(), text: 'true'}
  await until(
    () =>
      client.request('prompt.submit', prompt).then(
        () => true,
        () => undefined,
      ),
    {
      what: 'a machine that takes the prompt',
      timeoutMs: 60_000,
    },
  )
}
