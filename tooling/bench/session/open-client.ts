import {createClient, type Client, type ClientSession, type OpenOptions} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createPromptId} from '@holdfast/protocol'

import {cli, type Home} from '../../../apps/tui/e2e/support/home.ts'

/** A client in this process, with the built gateway as its child. */
export function openClient(home: Home): Client & AsyncDisposable {
  const client = createClient({
    gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env}),
  })
  return Object.assign(client, {[Symbol.asyncDispose]: () => client.close()})
}

export interface BenchSession {
  readonly session: ClientSession
  /** Submits a prompt and waits until the client receives its end. Resolves with the time that took, ms. */
  run(text: string): Promise<number>
}

/** Creates a session with bash and opens it. Resolves when its shell has run a first command. */
export async function openSession(client: Client, home: Home, options: OpenOptions = {}): Promise<BenchSession> {
  const id = await client.createSession({cwd: home.project, shell: '/bin/bash'})
  const ends = new Map<string, () => void>()
  const session = await client.openSession(id, {
    ...options,
    onEvent(event, wire, state) {
      options.onEvent?.(event, wire, state)
      if (event.type === 'message.complete') ends.get(event.payload.prompt_id)?.()
    },
  })
  const run: BenchSession['run'] = async (text) => {
    const promptId = createPromptId()
    const ended = new Promise<void>((resolve) => ends.set(promptId, resolve))
    const startedAt = performance.now()
    // The log keeps all output.
    const prompt = {session_id: id, prompt_id: promptId, text, max_output_bytes: null}
    await client.request('prompt.submit', prompt)
    await ended
    ends.delete(promptId)
    return performance.now() - startedAt
  }
  await run('true')
  return {session, run}
}
