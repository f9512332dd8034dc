import type {Home} from './home.ts'
import {until} from './until.ts'

export interface ListedSession {
  id: string
  title: string
  agent: string
  cwd: string
  state: string
  created_at: number
}

/** What `holdfast ls --json` lists, the last used first. Waits for the first: a screen may be there before its session is. */
export async function sessionsOf(home: Home): Promise<[ListedSession, ...ListedSession[]]> {
  return await until(() => listSessions(home), {what: `a session of ${home.state}`})
}

async function listSessions(home: Home): Promise<[ListedSession, ...ListedSession[]] | undefined> {
  const {stdout} = await home.holdfast(['ls', '--json'])
  const [first, ...others] = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ListedSession)
  return first && [first, ...others]
}
