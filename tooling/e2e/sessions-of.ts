import type {Home} from './home.ts'

export interface ListedSession {
  id: string
  title: string
  agent: string
  cwd: string
  state: string
  created_at: number
}

/** What `holdfast ls --json` lists, the last used first. Throws where it lists nothing. */
export async function sessionsOf(home: Home): Promise<[ListedSession, ...ListedSession[]]> {
  const {stdout, stderr} = await home.holdfast(['ls', '--json'])
  const [first, ...others] = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ListedSession)
  if (first === undefined) throw new Error(`Expected sessions, \`ls\` lists none: ${stderr}`)
  return [first, ...others]
}
