import {fork, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {createHome, type Home} from '../../../../apps/tui/e2e/support/home.ts'
import {peakOf, residentOf} from '../../process-costs.ts'
import {atMost} from '../../report.ts'
import type {BenchCase} from '../bench-case.ts'
import type {ClientMessage} from '../flooded-client.ts'
import {makeLargeFile} from '../large-file.ts'

const bytes = 500e6
const stoppedMs = 10_000
const settleMs = 2000
/** From the start of the flood to SIGSTOP. */
const floodMs = 1000
const roles = ['host', 'gateway', 'client'] as const
const growth = (role: string) => `MiB of memory (RSS) above idle of the ${role} at its peak, in a flood of 500 MB`
const client = join(import.meta.dirname, '../flooded-client.ts')

export const flood: BenchCase = {
  async open() {
    const file = makeLargeFile(bytes)
    return {
      steps: {
        async all() {
          await using home = createHome()
          return await measure(home, file.path)
        },
      },
      async [Symbol.asyncDispose]() {
        file[Symbol.dispose]()
      },
    }
  },
  goals: (median) => roles.map((role) => atMost(`flood, ${role}: MiB above idle`, median(growth(role)), 150)),
}

async function measure(home: Home, file: string): Promise<Record<string, number>> {
  const child = fork(client, [home.project, `cat ${file}`], {
    env: home.env,
    execArgv: ['--conditions=holdfast-source'],
  })
  const exited = once(child, 'exit')
  try {
    await untilMessage(child, 'open')
    await delay(settleMs)
    const [host, gateway] = await Promise.all([home.process('host'), home.process('gateway')])
    const pids = {host: host.pid, gateway: gateway.pid, client: child.pid!}
    const before = roles.map((role) => residentOf(pids[role]))
    const over = untilMessage(child, 'over')
    child.send('go')
    await delay(floodMs)
    // Like a client whose machine sleeps.
    process.kill(pids.client, 'SIGSTOP')
    await delay(stoppedMs)
    process.kill(pids.client, 'SIGCONT')
    const {bytes: received = 0} = await over
    // A terminal makes every line end one byte longer.
    if (received < bytes) throw new Error(`Expected ${bytes} bytes at the client, got ${received}`)
    return Object.fromEntries(roles.map((role, index) => [growth(role), peakOf(pids[role]) - before[index]!]))
  } finally {
    if (child.connected) child.disconnect()
    await exited
  }
}

async function untilMessage(child: ChildProcess, kind: ClientMessage['kind']): Promise<ClientMessage> {
  for (;;) {
    const [message] = (await Promise.race([once(child, 'message'), failAtExit(child)])) as [ClientMessage]
    if (message.kind === kind) return message
  }
}

async function failAtExit(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`the client exited with status ${code}`)
}
