import {existsSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'

/** How an agent is started, as `agents.mjs` says. */
export interface AgentProgram {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** An entry of `agents.mjs`. */
interface AgentEntry {
  /** Writes the settings of the agent into its private `home`. `root`: where the agents are installed. `port`: of the model. */
  prepare(options: {root: string; home: string; port: number}): AgentProgram
}

/** The scripted model, a server on loopback. */
export interface ModelServer {
  port: number
  close(): Promise<void>
}

/** A folder with agents, as docs/agents.md describes it. */
export interface AgentsFolder {
  names: readonly string[]
  prepare(name: string, options: {home: string; port: number}): AgentProgram
  startModel(): Promise<ModelServer>
}

/** Reads a folder with agents. Throws if something is missing. */
export async function readFolder(path: string): Promise<AgentsFolder> {
  // npm runs scripts in the root of the workspace.
  const folder = resolve(process.env['INIT_CWD'] ?? '.', path)
  const agents = await importFrom<Record<string, AgentEntry>>(folder, 'agents.mjs', 'agents')
  const startMockLlm = await importFrom<() => Promise<ModelServer>>(folder, 'mock-llm.mjs', 'startMockLlm')
  const root = join(folder, 'agents')
  const names = Object.keys(agents).filter((name) => existsSync(join(root, name)))
  if (names.length === 0) throw new Error(`${root} has none of ${Object.keys(agents).join(', ')}: install one`)
  return {
    names,
    prepare: (name, options) => agents[name]!.prepare({root, ...options}),
    startModel: () => startMockLlm(),
  }
}

async function importFrom<Value>(folder: string, file: string, name: string): Promise<Value> {
  const path = join(folder, file)
  if (!existsSync(path)) throw new Error(`there is no ${path}: docs/agents.md says what the folder must have`)
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  if (module[name] === undefined) throw new Error(`${path} exports no \`${name}\``)
  return module[name] as Value
}
