import type {ClientSession} from '@holdfast/client'

/** What `/agent` takes in `talk`. */
export const agentActions = 'retry, /agent fresh or /agent login METHOD'

/** Does what `/agent` asks for, and resolves with a sentence about it. Events tell the outcome. Rejects if it is refused. */
export async function steerAgent(
  session: Pick<ClientSession, 'restartAgent' | 'loginAgent'> | undefined,
  argument: string,
): Promise<string> {
  const [action, method, ...rest] = argument.split(/\s+/)
  if (session === undefined) return 'No session is open.'
  if (action === 'login' && method !== undefined && rest.length === 0) {
    await session.loginAgent(method)
    return 'Logging in.'
  }
  if ((action !== 'retry' && action !== 'fresh') || method !== undefined)
    return `Expected /agent ${agentActions}, got: /agent ${argument}`
  await session.restartAgent({fresh: action === 'fresh'})
  return action === 'retry' ? 'The agent is started again.' : 'The agent begins a new session.'
}
