import type {Home} from './home.ts'
import {until} from './until.ts'

export interface ListedSession {
  id: string
  title: string
  agent: string
  cwd: string
  state: string
  created_at: number
  one_shot?: boolean
  tags?: string[]
  before_restart?: boolean
}

/** The sessions of `holdfast ls --json`. Waits for the first one: the screen may appear before its session exists. */
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
