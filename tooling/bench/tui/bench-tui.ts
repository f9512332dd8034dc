import {copyFileSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'

import {build} from 'tsup'

import {cli} from '../../../apps/tui/e2e/support/home.ts'
import {program} from '../../../apps/tui/tsup.config.ts'
import type {Bench} from '../bench.ts'
import {atMost} from '../report.ts'
import {agentWorkloads} from './agent-workloads.ts'
import {vimWorkloads} from './vim-workloads.ts'
import {contenders, workloads} from './workloads.ts'

const all = {...workloads, ...vimWorkloads, ...agentWorkloads}

const frame = 'ms to the first frame'
const echo = 'ms of echo at p95, idle'
const vimFrame = "ms from vim's alternate screen to its first frame"
const vimEcho = 'ms of echo in vim at p95'

/** The built app, beside the least Ink app with a composer, built in the same way. */
export const benchTui: Bench = {
  cases: Object.keys(all),
  contenders,
  async *measure({rounds, only}) {
    const folder = join(import.meta.dirname, '../out/hello-world')
    await buildHelloWorld(folder)
    const programs = {node: `${folder}/node`, helloWorld: `${folder}/cli.cjs`}
    copyFileSync(process.execPath, programs.node)
    for (let round = 1; round <= rounds; round++) {
      for (const name of only) {
        for await (const value of all[name]!(programs)) yield {round, ...value}
      }
    }
  },
  goals(median) {
    const helloWorld = (metric: string) => median(metric, 'hello-world')
    const restCpu = ['tui', 'gateway', 'host'].map((role) => median(`ms of CPU a second at rest, ${role}`))
    return [
      atMost('first frame with a composer, ratio to hello-world', median(frame) / helloWorld(frame), 1.5),
      atMost(
        'live session, ratio to the first frame of hello-world',
        median('ms to a live session') / helloWorld(frame),
        3,
      ),
      atMost('key to echo at p95, idle, ratio to hello-world', median(echo) / helloWorld(echo), 2),
      atMost(
        "vim's alternate screen to its first frame, ratio to bare vim",
        median(vimFrame) / median(vimFrame, 'vim'),
        1.5,
      ),
      atMost('key to echo in vim at p95, ratio to bare vim', median(vimEcho) / median(vimEcho, 'vim'), 1.5),
      atMost('key to echo at p95, 1,000 lines/s, 10,000 runs of history, ms', median('ms of echo at p95, busy'), 20),
      atMost(
        'key to echo at p95, 200 messages/s of an agent, 10,000 blocks of history, ms',
        median('ms of echo at p95, an agent answers'),
        20,
      ),
      atMost('the same, the tui, cores', median('cores while an agent answers, tui'), 0.25),
      atMost(
        'an answer of 1 MB as Markdown, ratio to the same text as it is',
        median('s for an answer of 1 MB, markdown') / median('s for an answer of 1 MB, plain'),
        2,
      ),
      atMost('Tab to the list at p95, git che, ms', median('ms from Tab to the list at p95, git che'), 100),
      atMost('Tab to the list at p95, git checkout, ms', median('ms from Tab to the list at p95, git checkout'), 100),
      atMost('tui, gateway and host, settled, MiB of PSS', median('MiB of PSS'), 150),
      atMost('a flood of 100 MB, the tui, MiB above idle', median('MiB above idle in a flood, tui'), 150),
      atMost('a flood of 100 MB, the tui, cores', median('cores in a flood, tui'), 1),
      atMost('a flood of 100 MB, screenfuls per frame', median('screenfuls per frame in a flood'), 1),
      atMost('a step of a progress bar, screenfuls', median('screenfuls per step of a progress bar, at most'), 1),
      atMost('at rest, bytes written in 5 s', median('bytes written in 5 s at rest'), 0),
      atMost(
        'at rest, all three processes, ms of CPU a second',
        restCpu.reduce((sum, value) => sum + value, 0),
        5,
      ),
    ]
  },
}

/** It starts as the app does, with V8's code cache. */
async function buildHelloWorld(folder: string): Promise<void> {
  rmSync(folder, {recursive: true, force: true})
  const entry = {main: join(import.meta.dirname, 'programs/start-hello-world.ts')}
  await build({...program, config: false, silent: true, entry, outDir: folder})
  for (const name of ['cli.cjs', 'start.cjs']) copyFileSync(join(dirname(cli), name), join(folder, name))
}
