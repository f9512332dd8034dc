import {readShellPrompt, type SessionState} from '@holdfast/protocol'

/** The prompt that the coding agent of a session answers now; `undefined`: it answers none, or a command runs. Pure. */
export function agentAtWork({
  info,
  running,
}: Pick<SessionState, 'info' | 'running'>): SessionState['running'] | undefined {
  return info.agent === 'shell' || running === null || readShellPrompt(running.text) !== undefined ? undefined : running
}
