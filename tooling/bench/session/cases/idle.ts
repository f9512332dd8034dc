import {setTimeout as delay} from 'node:timers/promises'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {residentOf, wakeupsOf} from '../../process-costs.ts'
import {atMost} from '../../report.ts'
import {createBareNode} from '../bare-node.ts'
import type {BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

/** V8 collects the garbage of the start in steps, for about 20 s. */
const settleMs = 30_000
const watchMs = 10_000
const roles = ['host', 'gateway'] as const
const memory = (role: string) => `MiB of memory (RSS) of an idle ${role}`
const wakeups = (role: string) => `wakeups a second of an idle ${role}`

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
          const figures = Object.entries(pids).flatMap(([role, pid], index) => [
            [memory(role), residentOf(pid)],
            [wakeups(role), (wakeupsOf(pid) - before[index]!) / (watchMs / 1000)],
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
    ...roles.map((role) =>
      atMost(`idle ${role}: MiB more than a bare node`, median(memory(role)) - median(memory('bare node')), 40),
    ),
    ...roles.map((role) => atMost(`idle ${role}: wakeups a second`, median(wakeups(role)), 1)),
  ],
}
