import type {Client, ClientSession} from '@holdfast/client'

/** Opens each session once, however many calls use it at a time. */
export interface SharedSessions {
  /** Runs `use` with the session, and leaves that when no call uses it any more. */
  use<Value>(sessionId: string, use: (session: ClientSession) => Promise<Value>): Promise<Value>
}

interface Shared {
  session: Promise<ClientSession>
  users: number
}

export function createSharedSessions(client: Pick<Client, 'openSession'>): SharedSessions {
  const open = new Map<string, Shared>()
  /** A session can be opened again when it has been left. */
  const leaving = new Map<string, Promise<void>>()

  const openAgain = async (sessionId: string) => {
    await leaving.get(sessionId)
    return await client.openSession(sessionId)
  }

  const leave = async (session: ClientSession) => {
    // The gateway may be gone, and then does not need to know.
    await session.leave().catch(() => undefined)
  }

  return {
    async use(sessionId, use) {
      let shared = open.get(sessionId)
      if (shared === undefined) open.set(sessionId, (shared = {session: openAgain(sessionId), users: 0}))
      shared.users++
      let session: ClientSession | undefined
      try {
        session = await shared.session
        return await use(session)
      } finally {
        if (--shared.users === 0) {
          open.delete(sessionId)
          if (session !== undefined) {
            const left = leave(session)
            leaving.set(sessionId, left)
            void left.then(() => leaving.get(sessionId) === left && leaving.delete(sessionId))
          }
        }
      }
    },
  }
}
