import {existsSync} from 'node:fs'
import {delimiter, join} from 'node:path'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {findMarked} from '../../process-costs.ts'
import {runCommand, type Command, type ContenderKind} from '../contender.ts'

/** The commands of agent-tty. `named`: a built checkout, or a command. @default `agent-tty` on $PATH */
export function agentTty(named: string | undefined): ContenderKind {
  return {
    isCommand: true,
    async start() {
      const command = findAgentTty(named)
      if (command === undefined) throw new Error('it is not installed: --agent-tty names one')
      const home = createHome()
      const state = `${home.user}/agent-tty`
      const place = {env: {...home.env, AGENT_TTY_HOME: state}, cwd: home.project}
      const run = (...args: string[]) => runCommand([...command, ...args], place)
      return {
        async open(program, {cols, rows}) {
          const size = ['--cols', String(cols), '--rows', String(rows)]
          const {result} = JSON.parse(await run('create', '--json', ...size, '--', ...program)) as Created
          const id = result.sessionId
          return {
            waitFor: async (text) => void (await run('wait', id, '--text', text, '--json')),
            snapshot: async () => void (await run('snapshot', id, '--format', 'structured', '--json')),
            runTrue: async () => void (await run('run', id, 'true', '--json')),
            [Symbol.asyncDispose]: async () => void (await run('destroy', id, '--json')),
          }
        },
        pids: () => findMarked(`AGENT_TTY_HOME=${state}`, 'node'),
        [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
      }
    },
  }
}

interface Created {
  result: {sessionId: string}
}

function findAgentTty(named: string | undefined): Command | undefined {
  if (named !== undefined) {
    const main = join(named, 'dist/cli/main.js')
    return existsSync(main) ? [process.execPath, main] : [named]
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'agent-tty')).find(existsSync)
  return found === undefined ? undefined : [found]
}
