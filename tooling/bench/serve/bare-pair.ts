import {execFile} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {promisify} from 'node:util'

import {WebSocket} from 'ws'

import {cpuMsOf, peakOf, residentOf} from '../process-costs.ts'
import type {ClientFigures} from './bare-client.ts'
import {compressions} from './compressions.ts'
import {startListening} from '../rpc/contenders/port.ts'
import type {TrafficName} from './traffic.ts'

type CommandLine = [string, ...string[]]

/** Where a server and its client run. @default both here, on loopback */
export interface Network {
  address: string
  at(end: 'near' | 'far', command: CommandLine): CommandLine
}

const here: Network = {address: '127.0.0.1', at: (_, command) => command}
const fileOf = (name: string) => join(import.meta.dirname, `${name}.ts`)

export async function runClient(args: readonly string[], {at} = here): Promise<ClientFigures> {
  const [command, ...rest] = at('near', [process.execPath, fileOf('bare-client'), ...args])
  return JSON.parse((await promisify(execFile)(command, rest)).stdout) as ClientFigures
}

/** `ws` by itself, in two processes: all events of a traffic from one to the other. */
export async function runPair(
  traffic: TrafficName,
  events: number,
  compression: string,
  network = here,
): Promise<ClientFigures & {serverCpuMs: number}> {
  const args = [traffic, String(events), compression, network.address]
  const [command, ...rest] = network.at('far', [process.execPath, fileOf('bare-server'), ...args])
  const {child, port} = await startListening(command, rest)
  try {
    const before = cpuMsOf(child.pid!)
    const figures = await runClient([`ws://${network.address}:${port}`, String(events), compression], network)
    return {...figures, serverCpuMs: cpuMsOf(child.pid!) - before}
  } finally {
    child.kill()
  }
}

/** How much the server needs for each of many clients that read a traffic at the same time, at its peak, KiB. */
export async function memoryPerClient(traffic: TrafficName, events: number, compression: string, clients: number) {
  const args = [traffic, String(events), compression, here.address]
  const {child, port} = await startListening(process.execPath, [fileOf('bare-server'), ...args])
  try {
    const before = residentOf(child.pid!)
    const sockets = Array.from({length: clients}, () => {
      return new WebSocket(`ws://${here.address}:${port}`, {perMessageDeflate: compressions[compression]!})
    })
    await Promise.all(sockets.map((socket) => once(socket, 'close')))
    return ((peakOf(child.pid!) - before) * 1024) / clients
  } finally {
    child.kill()
  }
}
