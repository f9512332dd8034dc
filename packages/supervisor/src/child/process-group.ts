/** Signals all processes of a group. False when there are none left, or none that we may signal. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  return kill(-leader, signal)
}

/** Whether any process of the group is left. While one is, the system gives the leader's pid to nobody else. */
export function isGroupAlive(leader: number): boolean {
  return kill(-leader, 0)
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
