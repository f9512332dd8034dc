import {setTimeout as delay} from 'node:timers/promises'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {until} from '../../../../apps/tui/e2e/support/until.ts'
import {createBareNode} from '../bare-node.ts'
import {atMost, type BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

const ours = 'ms from SIGKILL of the gateway to the session live again'
const theirs = 'ms from the start of a bare node to its hello'
const allowanceMs = 150
/** A gateway that died three times within a minute is not started again: so each is measured with a client of its own. */
const settleMs = 500

export const recovery: BenchCase = {
  async open() {
    const home = createHome()
    const bare = createBareNode()
    return {
      steps: {
        async holdfast() {
          await using client = openClient(home)
          const recovered = Promise.withResolvers<number>()
          const {session} = await openSession(client, home, {onRecovered: () => recovered.resolve(performance.now())})
          const gateway = await home.process('gateway')
          await delay(settleMs)
          const began = performance.now()
          process.kill(gateway.pid, 'SIGKILL')
          await recovered.promise
          await until(() => session.status.kind === 'live', {what: 'the session to be live again'})
          const tookMs = performance.now() - began
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
      `recovery: ${ours}, less ${allowanceMs} ms, ratio to that of a bare node's hello`,
      (median(ours) - allowanceMs) / median(theirs),
      1.5,
    ),
  ],
}
