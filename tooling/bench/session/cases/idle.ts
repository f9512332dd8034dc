import {setTimeout as delay} from 'node:timers/promises'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {createBareNode} from '../bare-node.ts'
import {atMost, type BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'
import {memoryOf, wakeupsOf} from '../process-cost.ts'

/** Until all that begins late has been done, ms: V8 goes through what the start left bit by bit, for some 20 s. */
const settleMs = 30_000
const watchMs = 10_000
const roles = ['host', 'gateway'] as const
const memory = (who: string) => `MiB of memory (RSS) of an idle ${who}`
const wakeups = (who: string) => `wakeups a second of an idle ${who}`

export const idle: BenchCase = {
  async open() {
    const home = createHome()
    const bare = createBareNode()
    return {
      steps: {
        async all() {
          await using client = openClient(home)
          const {session} = await openSession(client, home)
          const node = await bare.wait()
          const [host, gateway] = await Promise.all(roles.map((role) => home.process(role)))
          const pids = {host: host!.pid, gateway: gateway!.pid, 'bare node': node.pid}
          await delay(settleMs)
          const before = Object.values(pids).map(wakeupsOf)
          await delay(watchMs)
          const figures = Object.entries(pids).flatMap(([who, pid], index) => [
            [memory(who), memoryOf(pid)],
            [wakeups(who), (wakeupsOf(pid) - before[index]!) / (watchMs / 1000)],
          ])
          node.close()
          await session.close()
          return Object.fromEntries(figures) as Record<string, number>
        },
      },
      async [Symbol.asyncDispose]() {
        bare[Symbol.dispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: (median) => [
    ...roles.map((who) =>
      atMost(`idle ${who}: MiB over a bare node`, median(memory(who)) - median(memory('bare node')), 40),
    ),
    ...roles.map((who) => atMost(`idle ${who}: wakeups a second`, median(wakeups(who)), 1)),
  ],
}
