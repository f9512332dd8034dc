import {setTimeout as delay} from 'node:timers/promises'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {atMost, medianOf, percentileOf} from '../../report.ts'
import type {BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

const sessions = 50
const everyMs = 1000
const commands = 10
const single = 'ms from submit to complete, one session, median'
const many = `ms from submit to complete, ${sessions} sessions at once, 99th percentile`

export const manySessions: BenchCase = {
  async open() {
    return {
      steps: {
        single: async () => ({[single]: medianOf(await timesOf(1))}),
        many: async () => ({[many]: percentileOf(await timesOf(sessions), 0.99)}),
      },
      async [Symbol.asyncDispose]() {},
    }
  },
  goals: (median) => [
    atMost(
      `${sessions} sessions, each a command a second: 99th percentile, ratio to the median of one session`,
      median(many) / median(single),
      5,
    ),
  ],
}

/** The times of all commands of `count` sessions, each of which runs one a second. */
async function timesOf(count: number): Promise<number[]> {
  await using home = createHome()
  await using client = openClient(home)
  const opened: Awaited<ReturnType<typeof openSession>>[] = []
  for (let index = 0; index < count; index++) opened.push(await openSession(client, home))
  const times = await Promise.all(
    opened.map(async ({run}, index) => {
      // Spread over the second.
      await delay((index / count) * everyMs)
      const tookMs: number[] = []
      for (let command = 0; command < commands; command++) {
        const ms = await run('true')
        tookMs.push(ms)
        await delay(Math.max(0, everyMs - ms))
      }
      return tookMs
    }),
  )
  const {exitCode, stderr} = await home.holdfast(['close', '--all'])
  if (exitCode !== 0) throw new Error(`\`close --all\` exited with ${exitCode}: ${stderr}`)
  return times.flat()
}
