import {fork} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {createClient} from '@holdfast/client'
import {remoteGateway} from '@holdfast/client/remote'

import {createHome} from '../../../apps/tui/e2e/support/home.ts'
import {startServer, token} from '../../../apps/tui/e2e/support/serve.ts'
import {cpuMsOf, peakOf, residentOf} from '../process-costs.ts'
import {openSession} from '../session/open-client.ts'
import type {ClientsMessage} from './many-clients.ts'

const count = 200
const lines = 500_000
const flood = `${count} clients, a command that prints ${lines.toLocaleString('en')} lines`

export const clientMetrics = {
  memory: `MiB of the gateway (RSS) above idle at its peak: ${flood}`,
  host: `MiB of the host (RSS) above idle at its peak: ${flood}`,
  cpu: `s of CPU of gateway and host: ${flood}`,
} as const

const program = join(import.meta.dirname, 'many-clients.ts')
const settleMs = 2000

/** Fails where a client misses an event, or gets one twice, or loses its connection. */
export async function measureClients(): Promise<Record<string, number>> {
  await using home = createHome()
  await using server = await startServer(home)
  await using stack = new AsyncDisposableStack()
  const client = createClient({gateway: remoteGateway({url: server.url, token})})
  stack.defer(() => client.close())
  const {session, run} = await openSession(client, home)
  const [gateway, host] = [server.running.child.pid!, (await home.process('host')).pid]
  await delay(settleMs)
  const idle = {gateway: residentOf(gateway), host: residentOf(host)}
  const clients = fork(program, [server.url, token, session.id, String(count)], {
    execArgv: ['--conditions=holdfast-source'],
  })
  stack.defer(() => void clients.kill())
  await once(clients, 'message')
  const cpuMs = () => cpuMsOf(gateway) + cpuMsOf(host)
  const before = cpuMs()
  const over = once(clients, 'message')
  await run(`seq ${lines}`)
  const [{bytes}] = (await over) as [Extract<ClientsMessage, {kind: 'over'}>]
  const expected = Array.from({length: lines}, (_, index) => `${index + 1}\r\n`).join('').length
  if (bytes !== expected) throw new Error(`Expected ${expected} bytes at each client, got ${bytes} at one`)
  return {
    [clientMetrics.memory]: peakOf(gateway) - idle.gateway,
    [clientMetrics.host]: peakOf(host) - idle.host,
    [clientMetrics.cpu]: (cpuMs() - before) / 1000,
  }
}
