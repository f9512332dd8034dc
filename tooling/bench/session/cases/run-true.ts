import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {atMost} from '../../report.ts'
import {createBareNode} from '../bare-node.ts'
import {medianTime, type BenchCase} from '../bench-case.ts'

const ours = 'ms for `holdfast run -- true` on a running session'
const theirs = 'ms for a bare node that exits at once'
const starts = 5

export const runTrue: BenchCase = {
  async open() {
    const home = createHome()
    const bare = createBareNode()
    const {stdout} = await home.holdfast(['run', '--keep', '--no-wait', '--', 'true'])
    const [session = ''] = stdout.split(' ')
    const runOnce = async () => {
      const startedAt = performance.now()
      const {exitCode, stderr} = await home.holdfast(['run', '--session', session, '--', 'true'])
      if (exitCode !== 0) throw new Error(`Expected \`run -- true\` to exit with 0, got ${exitCode}: ${stderr}`)
      return performance.now() - startedAt
    }
    // The first starts fill the code cache.
    for (let count = 0; count < 2; count++) await runOnce()
    return {
      steps: {
        holdfast: async () => ({[ours]: await medianTime(starts, runOnce)}),
        node: async () => ({[theirs]: await medianTime(starts, bare.exit)}),
      },
      async [Symbol.asyncDispose]() {
        bare[Symbol.dispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: (median) => [atMost('`holdfast run -- true`: time, ratio to a bare node', median(ours) / median(theirs), 2.4)],
}
