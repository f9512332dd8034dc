import {setTimeout as delay} from 'node:timers/promises'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {until} from '../../../../apps/tui/e2e/support/until.ts'
import {atMost} from '../../report.ts'
import {createBareNode} from '../bare-node.ts'
import type {BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

const ours = 'ms from SIGKILL of the gateway to the session live again'
const theirs = 'ms from the start of a bare node to its first message'
const allowanceMs = 150
const settleMs = 500

export const recovery: BenchCase = {
  async open() {
    const home = createHome()
    const bare = createBareNode()
    return {
      steps: {
        async holdfast() {
          // A client of its own, because each restarts its gateway three times a minute at most.
          await using client = openClient(home)
          const recovered = Promise.withResolvers<number>()
          const {session} = await openSession(client, home, {onRecovered: () => recovered.resolve(performance.now())})
          const gateway = await home.process('gateway')
          await delay(settleMs)
          const killedAt = performance.now()
          process.kill(gateway.pid, 'SIGKILL')
          await recovered.promise
          await until(() => session.status.kind === 'live', {what: 'the session to be live again'})
          const tookMs = performance.now() - killedAt
          await session.close()
          return {[ours]: tookMs}
        },
        node: async () => ({[theirs]: await bare.hello()}),
      },
      async [Symbol.asyncDispose]() {
        bare[Symbol.dispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: (median) => [
    atMost(
      `recovery: ${ours}, less ${allowanceMs} ms, ratio to a bare node's first message`,
      (median(ours) - allowanceMs) / median(theirs),
      1.5,
    ),
  ],
}
