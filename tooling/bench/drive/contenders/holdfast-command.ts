import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {runCommand, type Command, type ContenderKind} from '../contender.ts'
import {agentFor, servingPids} from './holdfast.ts'

/** `holdfast wait`, `snapshot` and `run`: a process for each. */
export const holdfastCommand: ContenderKind = {
  isCommand: true,
  async start() {
    const home = createHome()
    const holdfast = (...args: string[]) =>
      runCommand(home.launch(home.project, args), {env: home.env, cwd: home.project})
    return {
      async open(program: Command, {cols, rows}) {
        const agent = agentFor(program)
        const how = 'shell' in agent ? ['--shell', agent.shell] : ['--', ...program]
        const id = (await holdfast('new', '--size', `${cols}x${rows}`, ...how)).trim()
        return {
          waitFor: async (text) => void (await holdfast('wait', id, '--text', text)),
          snapshot: async () => void (await holdfast('snapshot', id, '--format', 'json')),
          runTrue: async () => void (await holdfast('run', '--session', id, '--', 'true')),
          [Symbol.asyncDispose]: async () => void (await holdfast('close', id)),
        }
      },
      pids: () => servingPids(home),
      [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
    }
  },
}
