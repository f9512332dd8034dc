import {rotate, type Bench} from '../bench.ts'
import {measure} from '../rpc/bench-rpc.ts'
import {webSocketContenders} from '../rpc/contenders.ts'
import {atLeast, atMost, type Measurement} from '../report.ts'
import {measureClients, clientMetrics} from './clients.ts'
import {measureCompression} from './compression.ts'
import {compressions} from './compressions.ts'
import {echoMetric, measureEcho} from './echo.ts'
import {logMetric, measureLog} from './log.ts'

const eventsMetric = 'events per second'
const requestsMetric = 'requests per second'

type Value = Omit<Measurement, 'round'>

/** What each case measures in a round, one contender after another. */
const cases: Readonly<Record<string, (round: number) => AsyncIterable<Value>>> = {
  async *messages(round) {
    for (const metric of [eventsMetric, requestsMetric]) {
      for (const contender of rotate(Object.keys(webSocketContenders), round)) {
        yield {contender, metric, ...(await measure('serve', contender, metric))}
      }
    }
  },
  async *log(round) {
    for (const contender of rotate(['bare ws', 'holdfast'] as const, round)) {
      yield {contender, metric: logMetric, value: await measureLog(contender)}
    }
  },
  async *echo(round) {
    for (const contender of rotate(['local', 'holdfast'] as const, round)) {
      yield {contender, metric: echoMetric, value: await measureEcho(contender)}
    }
  },
  async *clients() {
    for (const [metric, value] of Object.entries(await measureClients())) yield {contender: 'holdfast', metric, value}
  },
  async *compression(round) {
    for (const contender of rotate(Object.keys(compressions), round)) {
      for await (const figure of measureCompression(contender)) yield {contender, ...figure}
    }
  },
}

/** Sessions over a WebSocket. `local` is the same over the stdio of a gateway; `deflate` is `bare ws` with compression. */
export const benchServe: Bench = {
  cases: Object.keys(cases),
  contenders: ['bare ws', 'holdfast', 'local', 'deflate'],
  async *measure({rounds, only}) {
    for (let round = 1; round <= rounds; round++) {
      for (const name of only) {
        for await (const value of cases[name]!(round)) yield {round, ...value}
      }
    }
  },
  goals: (median) => [
    atLeast(`${eventsMetric}: ratio to bare ws`, median(eventsMetric) / median(eventsMetric, 'bare ws'), 0.6),
    atMost(clientMetrics.memory, median(clientMetrics.memory), 150),
  ],
}
