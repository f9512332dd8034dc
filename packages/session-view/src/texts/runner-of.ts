import type {SessionInfo} from '@holdfast/protocol'

/** The name of what runs in a session: its shell, its one program, or its coding agent. Pure. */
export function runnerOf({agent, shell, program}: SessionInfo): string {
  const path = shell ?? program?.[0]
  return path === undefined ? agent : path.slice(path.lastIndexOf('/') + 1)
}
