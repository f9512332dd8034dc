/** Drives real agents: docs/agents.md says what the folder of `--agents` must have. */
import {parseArgs} from 'node:util'

import {readFolder, type AgentsFolder} from './read-folder.ts'
import {createAgentHome, driveSession} from './session/driven-session.ts'
import {startOnScreen} from './session/start-on-screen.ts'
import {steps} from './steps/steps.ts'

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
for (const name of names) failures += await driveAgent(folder, name)
console.log(failures === 0 ? 'all as expected' : `${failures} failed`)
process.exitCode = failures === 0 ? 0 : 1

/** Returns how many steps failed. */
async function driveAgent(from: AgentsFolder, name: string): Promise<number> {
  const model = await from.startModel()
  let failed = 0
  const report = async (what: string, run: () => Promise<string>) => {
    try {
      console.log(`  ✓ ${what}: ${await run()}`)
    } catch (error) {
      failed++
      console.log(`  ✗ ${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(name)
  try {
    await using home = createAgentHome(from, name, model.port)
    const session = await driveSession(home, name, await startOnScreen(home, name))
    await report('the agent starts', async () => {
      const {name: own = name, version = 'of an unknown version', by} = await session.seen('agent.ready')
      return `${own} ${version}, ${by}`
    })
    for (const step of steps) await report(step.name, () => step.run(session))
  } catch (error) {
    failed++
    console.log(`  ✗ ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await model.close()
  }
  return failed
}
