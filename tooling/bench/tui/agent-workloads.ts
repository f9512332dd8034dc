import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {cpuMsOf} from '../process-costs.ts'
import {percentileOf} from '../report.ts'
import {makeHistory} from './make-history.ts'
import {measureEcho} from './measure-echo.ts'
import {idle, createSetup, type Programs, type Setup} from './setup.ts'
import {keyCount, settleMs, type Values} from './workloads.ts'

/** Of a session with a coding agent. */
export const agentWorkloads: Readonly<Record<string, (programs: Programs) => Values>> = {
  'agent-busy': agentBusy,
  answer,
}

const program = join(import.meta.dirname, 'programs/agent.ts')
const root = join(import.meta.dirname, '../../..')
const blockCount = 10_000
const wordsPerSecond = 200
const answerLength = 1_000_000
const lastLine = 'This is the end of the answer.'

/** Makes the agent the agent `bench`, and writes its answers to the project. */
function makeAgent({home}: Setup): void {
  const folder = `${home.user}/.config/holdfast`
  mkdirSync(folder, {recursive: true})
  writeFileSync(
    `${folder}/config.json`,
    JSON.stringify({agents: {bench: {command: process.execPath, args: [program]}}}),
  )
  // What people write in Markdown, with code, tables and lists.
  const pages = ['README.md', 'docs/screen.md', 'docs/agents.md', 'packages/acp/README.md', 'tooling/bench/README.md']
  const text = pages.map((page) => readFileSync(join(root, page), 'utf8')).join('\n\n')
  const long = text.repeat(Math.ceil(answerLength / text.length)).slice(0, answerLength)
  const markdown = `${long}\n\n${lastLine}\n`
  writeFileSync(`${home.project}/markdown`, markdown)
  // The same text as it is: a fence around it that nothing in it closes.
  writeFileSync(`${home.project}/warm-up`, `# One\n\n~~~ts\nconst a = 1\n~~~\n${lastLine}\n`)
  writeFileSync(`${home.project}/plain`, `~~~~~~~~\n${markdown}`)
}

/** Echo and CPU while an agent answers with 200 words a second, each a message of its own. */
async function* agentBusy(programs: Programs): Values {
  await using setup = createSetup(programs)
  makeAgent(setup)
  const id = makeHistory(setup.home, blockCount, {agent: 'bench'})
  await using probe = setup.openHoldfast(['--resume', id])
  await probe.waitFor(idle)
  await delay(settleMs)
  probe.write(`markdown ${wordsPerSecond} 30`)
  await probe.waitFor(`${wordsPerSecond} 30`)
  probe.write('\r')
  await probe.waitFor('· running')
  await delay(1000)
  const pids = Object.entries(await setup.pidsOf(probe))
  const before = pids.map(([, pid]) => cpuMsOf(pid))
  const startedAt = performance.now()
  yield {
    contender: 'holdfast',
    metric: 'ms of echo at p95, an agent answers',
    value: percentileOf(await measureEcho(probe, keyCount), 0.95),
  }
  const wallMs = performance.now() - startedAt
  for (const [index, [role, pid]] of pids.entries()) {
    const value = (cpuMsOf(pid) - before[index]!) / wallMs
    yield {contender: 'holdfast', metric: `cores while an agent answers, ${role}`, value}
  }
}

/** An answer of 1 MB, as Markdown and as it is, from Enter to the end of the prompt on the screen. */
async function* answer(programs: Programs): Values {
  await using setup = createSetup(programs)
  makeAgent(setup)
  await using probe = setup.openHoldfast(['--agent', 'bench'])
  await probe.waitFor(idle)
  for (const file of ['warm-up', 'plain', 'markdown']) {
    await delay(settleMs)
    probe.write(file)
    await probe.waitFor(file)
    probe.reset()
    const startedAt = performance.now()
    probe.write('\r')
    const endedAt = await probe.waitFor(new RegExp(`${lastLine}\\s+✓`), {timeoutMs: 120_000})
    if (file !== 'warm-up')
      yield {contender: 'holdfast', metric: `s for an answer of 1 MB, ${file}`, value: (endedAt - startedAt) / 1000}
  }
}
