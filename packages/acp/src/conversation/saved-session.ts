/** What brings a session back. Keep it where it outlives this process. */
export interface SavedSession {
  /** The agent's id of the session. */
  sessionId: string
  /** The folder in which the session was made. Agents find their sessions by it. */
  cwd: string
  /** How many prompts were sent. */
  prompts: number
}
