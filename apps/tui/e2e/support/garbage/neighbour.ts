import {createClient} from '@holdfast/client'
import {remoteGateway} from '@holdfast/client/remote'

import {token} from '../serve.ts'

/** What a neighbour went through. */
export interface Experience {
  /** The longest time from a prompt to the end of its command, ms. */
  longestMs: number
  /** How often it lost its connection. */
  losses: number
}

/** A client that runs one command after another in a session of its own, while others misbehave. */
export interface Neighbour {
  /** Lets it run some more commands where it has run few. */
  stop(): Promise<Experience>
}

const minCommands = 20

export async function openNeighbour(url: string, cwd: string): Promise<Neighbour> {
  const experience: Experience = {longestMs: 0, losses: 0}
  let commands = 0
  const client = createClient({
    gateway: remoteGateway({url, token}),
    onStatus: ({kind}) => void (kind === 'recovering' && experience.losses++),
  })
  let onEnd = () => {}
  const session = await client.openSession(await client.createSession({cwd}), {
    onEvent: ({type}) => type === 'message.complete' && onEnd(),
  })
  let isStopped = false
  const working = (async () => {
    while (!isStopped || commands < minCommands) {
      const begunAt = performance.now()
      const ended = new Promise<void>((resolve) => (onEnd = resolve))
      await session.submit('true')
      await ended
      commands++
      experience.longestMs = Math.max(experience.longestMs, performance.now() - begunAt)
    }
  })()
  return {
    async stop() {
      isStopped = true
      await working
      await client.close()
      return experience
    },
  }
}
