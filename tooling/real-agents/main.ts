/** Drives real agents: docs/agents.md says what the folder of `--agents` must have. */
import {parseArgs} from 'node:util'

import {mcpSteps} from './mcp/mcp-steps.ts'
import {startToolCallingModel} from './mcp/tool-calling-model.ts'
import {readFolder, type AgentsFolder, type ModelServer} from './read-folder.ts'
import {createAgentHome, driveSession} from './session/driven-session.ts'
import {startOnScreen} from './session/start-on-screen.ts'
import type {Step} from './steps/step.ts'
import {lastStep, steps} from './steps/steps.ts'

const {values} = parseArgs({
  options: {
    /** The folder with the agents. */
    agents: {type: 'string'},
    /** Only this agent. */
    agent: {type: 'string'},
  },
})
if (values.agents === undefined)
  throw new TypeError('Expected `--agents FOLDER`: docs/agents.md says what it must have')
const folder = await readFolder(values.agents)
const names = values.agent === undefined ? folder.names : folder.names.filter((name) => name === values.agent)
if (names.length === 0) throw new TypeError(`Expected one of ${folder.names.join(', ')}, got \`${values.agent}\``)

let failures = 0
for (const name of names) {
  console.log(name)
  failures += await driveAgent(folder, name, {
    model: await folder.startModel(),
    steps: [...steps, lastStep],
    hasMcp: false,
  })
  console.log(`${name} with the tools of \`holdfast mcp\``)
  failures += await driveAgent(folder, name, {
    model: await startToolCallingModel(),
    steps: [...mcpSteps, lastStep],
    hasMcp: true,
  })
}
console.log(failures === 0 ? 'all as expected' : `${failures} failed`)
process.exitCode = failures === 0 ? 0 : 1

/** Returns how many steps failed. */
async function driveAgent(
  from: AgentsFolder,
  name: string,
  {model, steps: tried, hasMcp}: {model: ModelServer; steps: readonly Step[]; hasMcp: boolean},
): Promise<number> {
  let failed = 0
  const report = async (what: string, run: () => Promise<string>) => {
    try {
      console.log(`  ✓ ${what}: ${await run()}`)
    } catch (error) {
      failed++
      console.log(`  ✗ ${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  try {
    await using home = createAgentHome(from, name, {port: model.port, hasMcp})
    const session = await driveSession(home, name, await startOnScreen(home, name))
    await report('the agent starts', async () => {
      const {name: own = name, version = 'of an unknown version', by} = await session.seen('agent.ready')
      return `${own} ${version}, ${by}`
    })
    for (const step of tried) await report(step.name, () => step.run(session))
  } catch (error) {
    failed++
    console.log(`  ✗ ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await model.close()
  }
  return failed
}
