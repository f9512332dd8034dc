import {openBadLine} from '../../../apps/tui/e2e/support/bad-line.ts'
import type {Measurement} from '../report.ts'
import {memoryPerClient, runPair, type Network} from './bare-pair.ts'
import {traffics} from './traffic.ts'

type Figure = Pick<Measurement, 'metric' | 'value' | 'problem'>

/** A mobile network on a bad day: 200 ms there and back, 1 Mbit/s. */
const slowLine = {delayMs: 100, bytesPerSecond: 125_000}
/** What a slow line carries in some seconds. */
const slowShare = 0.1

/** What compression costs, and what it brings. */
export async function* measureCompression(compression: string): AsyncGenerator<Figure> {
  const clients = 200
  yield {
    metric: `KiB of memory of the server for each of ${clients} clients`,
    value: await memoryPerClient('build', 200, compression, clients),
  }
  for (const traffic of ['build', 'agent'] as const) {
    const {events} = traffics[traffic]
    const {bytes, cpuMs, serverCpuMs} = await runPair(traffic, events, compression)
    yield {metric: `${traffic}: bytes on the wire per event`, value: bytes / events}
    yield {metric: `${traffic}: µs of CPU of the server per event`, value: (serverCpuMs * 1000) / events}
    yield {metric: `${traffic}: µs of CPU of the client per event`, value: (cpuMs * 1000) / events}
    const metric = `${traffic}: s for ${events * slowShare} events over 200 ms and 1 Mbit/s`
    try {
      await using line = await openBadLine(slowLine)
      const network: Network = {address: line.farAddress, at: line.at}
      yield {metric, value: (await runPair(traffic, events * slowShare, compression, network)).ms / 1000}
    } catch (error) {
      yield {metric, problem: (error as Error).message}
    }
  }
}
