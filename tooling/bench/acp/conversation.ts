import {createConversation} from '@holdfast/acp'

import {args, command, type AcpClient, type Contender} from './contender.ts'

interface Client extends AcpClient {
  /** Kills the agent, and resolves when it is there again with its session. */
  killed(): Promise<void>
}

/** @holdfast/acp by itself. */
export const conversation: Contender = {
  async start(): Promise<Client> {
    let chunks = 0
    let pid = 0
    let restored = () => {}
    const opened = createConversation({
      agent: {name: 'bench', command, args},
      cwd: process.cwd(),
      onEvent(event) {
        if (event.type === 'message') chunks++
        else if (event.type === 'agent.ready') pid = event.pid ?? 0
        else if (event.type === 'session.restored') restored()
      },
    })
    await opened.open()
    return {
      async prompt(text) {
        chunks = 0
        await opened.prompt(text)
        return chunks
      },
      killed() {
        return new Promise((resolve) => {
          restored = resolve
          process.kill(pid, 'SIGKILL')
        })
      },
      stop: () => opened.close(),
    }
  },
  comeBack: (client) => (client as Client).killed(),
}
