/** What an agent may do. The limits guide an agent; a program that it runs has all rights of the user. */
export interface McpLimits {
  /** Folders in which, or below which, sessions may be opened: absolute paths. @default [] anywhere */
  folders?: readonly string[]
  /** Only the tools that change nothing. @default false */
  readOnly?: boolean
  /** What it may do with a session without the tag `mcp`, which a person opened. @default 'read' */
  otherSessions?: 'none' | 'read' | 'write'
}

/** The tag of the sessions that an agent opened. A person who adds it to a session hands that over. */
export const agentTag = 'mcp'

export type Access = 'none' | 'read' | 'write'

/** What an agent may do with a session that has these tags. Pure. */
export function accessTo(
  tags: readonly string[] | undefined,
  {readOnly = false, otherSessions = 'read'}: McpLimits,
): Access {
  const access = tags?.includes(agentTag) === true ? 'write' : otherSessions
  return readOnly && access === 'write' ? 'read' : access
}

/** Why an agent may not do that with a session; `undefined`: it may. Pure. */
export function refuseAccess(
  sessionId: string,
  wanted: 'read' | 'write',
  given: Access,
  {readOnly = false}: McpLimits,
): string | undefined {
  if (given === 'write' || given === wanted) return undefined
  // A session that an agent may not see is like one that does not exist.
  if (given === 'none') return `there is no session ${sessionId} that you may use: \`sessions\` lists them`
  if (readOnly) return `the setting \`mcpReadOnly\` allows no changes`
  return `a person opened session ${sessionId}, and the setting \`mcpOtherSessions\` allows only to read it: \`open\` a session of your own, or ask the person for \`holdfast tag ${sessionId} ${agentTag}\``
}

/** Why no session may be opened in a folder, an absolute path; `undefined`: it may. Pure. */
export function refuseFolder(folder: string, {folders = []}: McpLimits): string | undefined {
  const isIn = folders.some((each) => folder === each || folder.startsWith(each.endsWith('/') ? each : `${each}/`))
  if (isIn || folders.length === 0) return undefined
  return `expected a folder that the setting \`mcpFolders\` allows (${folders.join(', ')}, and what is in them), got ${folder}`
}
