import {setTimeout as delay} from 'node:timers/promises'

import {createHome, type Home} from '../../../../apps/tui/e2e/support/home.ts'
import {medianOf} from '../../goal.ts'
import {atMost, type BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

const sessions = 50
const everyMs = 1000
const commands = 10
const alone = 'ms from submit to complete, one session alone, median'
const many = `ms from submit to complete, ${sessions} sessions at once, 99th percentile`

export const manySessions: BenchCase = {
  async open() {
    return {
      steps: {
        alone: async () => ({[alone]: medianOf(await timesOf(1))}),
        many: async () => ({[many]: percentileOf(await timesOf(sessions), 0.99)}),
      },
      async [Symbol.asyncDispose]() {},
    }
  },
  goals: (median) => [
    atMost(
      `${sessions} sessions, each a command a second: 99th percentile, ratio to the median of one alone`,
      median(many) / median(alone),
      5,
    ),
  ],
}

/** The times of all commands of so many sessions, each of which runs one a second. */
async function timesOf(count: number): Promise<number[]> {
  await using home = createHome()
  await using client = openClient(home)
  const opened: Awaited<ReturnType<typeof openSession>>[] = []
  for (let index = 0; index < count; index++) opened.push(await openSession(client, home))
  const times = await Promise.all(
    opened.map(async ({run}, index) => {
      // Each at its own moment, as people are.
      await delay((index / count) * everyMs)
      const own: number[] = []
      for (let command = 0; command < commands; command++) {
        const tookMs = await run('true')
        own.push(tookMs)
        await delay(Math.max(0, everyMs - tookMs))
      }
      return own
    }),
  )
  await closeAll(home)
  return times.flat()
}

async function closeAll(home: Home): Promise<void> {
  const {exitCode, stderr} = await home.holdfast(['close', '--all'])
  if (exitCode !== 0) throw new Error(`Expected all sessions to be closed, got exit code ${exitCode}: ${stderr}`)
}

function percentileOf(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!
}
