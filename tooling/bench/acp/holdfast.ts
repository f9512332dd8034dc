import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createPromptId} from '@holdfast/protocol'

import {cli, createHome} from '../../../apps/tui/e2e/support/home.ts'
import {args, chunkText, command, type AcpClient, type Contender} from './contender.ts'

interface Client extends AcpClient {
  /** Kills the agent, and resolves when the client knows that it is there again with its session. */
  killed(): Promise<void>
}

/** The whole of it: the built gateway and host, and a client of them. */
export const holdfast: Contender = {
  async start(): Promise<Client> {
    const home = createHome()
    const settings = join(home.user, '.config/holdfast/config.json')
    mkdirSync(dirname(settings), {recursive: true})
    writeFileSync(settings, JSON.stringify({agents: {bench: {command, args}}}))
    const client = createClient({
      gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env}),
    })
    let characters = 0
    let pid = 0
    let ended = () => {}
    let ready = () => {}
    const id = await client.createSession({cwd: home.project, agent: 'bench'})
    const isReady = new Promise<void>((resolve) => (ready = resolve))
    const session = await client.openSession(id, {
      onEvent(event) {
        if (event.type === 'message.delta') characters += event.payload.text?.length ?? 0
        else if (event.type === 'message.complete') ended()
        else if (event.type === 'agent.ready') {
          pid = event.payload.pid ?? 0
          ready()
        }
      },
    })
    await isReady
    return {
      async prompt(text) {
        characters = 0
        const isEnded = new Promise<void>((resolve) => (ended = resolve))
        await session.submit(text, {promptId: createPromptId()})
        await isEnded
        return characters / chunkText.length
      },
      killed() {
        return new Promise((resolve) => {
          ready = resolve
          process.kill(pid, 'SIGKILL')
        })
      },
      async stop() {
        await session.close()
        await client.close()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  comeBack: (client) => (client as Client).killed(),
}
