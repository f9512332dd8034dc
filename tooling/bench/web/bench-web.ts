import {NEEDS} from '../../vitest/needs.ts'
import type {Bench} from '../bench.ts'
import {atLeast, atMost} from '../report.ts'
import {contenders, workloads} from './workloads.ts'

const page = 'holdfast page'

/** The page that `holdfast serve --web` serves, in Chromium, over loopback. */
export const benchWeb: Bench = {
  cases: Object.keys(workloads),
  contenders,
  async *measure({rounds, only}) {
    const chromium = NEEDS.chromium.find()
    if (chromium === undefined) throw new Error(NEEDS.chromium.skipped)
    for (let round = 1; round <= rounds; round++) {
      for (const name of only) for await (const value of workloads[name]!(chromium)) yield {round, ...value}
    }
  },
  goals(median) {
    const echo = 'ms of echo in vim at p95'
    return [
      atMost('fetched up to the first transcript, KiB', median('KiB to the first transcript', page), 250),
      atMost(
        'first transcript of a session with 10,000 runs, CPU slowed 4 times, ms',
        median('ms to the first transcript', page),
        1000,
      ),
      atLeast('frames a second while 10,000 runs are scrolled', median('frames a second', page), 50),
      atMost('key to echo in vim at p95, ratio to the screen', median(echo, page) / median(echo, 'screen'), 3),
    ]
  },
}
