import {styleText} from 'node:util'

import {createClient, type Client, type ClientSession} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createPromptId} from '@holdfast/protocol'
import {endInOrder} from '@holdfast/supervisor'

import {createScreenModel} from '../screen/screen-model.ts'
import {showScreen} from '../screen/show-screen.tsx'
import {breadcrumbsOf, findHome, gatewayCommand} from '../surroundings.ts'
import {UserError} from '../user-error.ts'
import {toUserError} from './with-client.ts'

export interface ScreenOptions {
  /** A first prompt; empty for none. */
  prompt: string
  /** Open the session that was used last. */
  latest: boolean
  /** Open this session. */
  sessionId: string | undefined
}

/** How long after one Ctrl-C the next one leaves, ms. */
const leaveWithinMs = 2000

/** Opens the screen on a session, until its user leaves. The session runs on. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError('expected a terminal for the screen; `holdfast run -- COMMAND` needs none', {exitCode: 2})
  }
  const breadcrumbs = breadcrumbsOf(findHome(), 'tui')
  const model = createScreenModel()
  const client = createClient({
    connect: localGateway({command: gatewayCommand(), breadcrumbs}),
    // Until the session is open, what is known of its line is all that is known.
    onStatus: (line) => {
      if (session === undefined && line.kind === 'recovering') model.setStatus(line)
    },
    onWarning: (message) => model.setNotice(message),
  })
  let session: ClientSession | undefined
  let lastInterruptAt = -Infinity
  let size = {cols: process.stdout.columns, rows: process.stdout.rows}
  /** Why the screen could not be opened. */
  let failure: UserError | undefined

  const opened = openSession()
  const screen = showScreen({
    model,
    onSubmit: (text) => void takeLine(text).catch(tell),
    onInterrupt,
    onResize(next) {
      size = next
      session?.resize(next).catch(tell)
    },
  })
  const ending = endInOrder({
    breadcrumbs,
    stdin: process.stdin,
    async onEnd() {
      // The terminal first: whatever hangs after this, its user has it back.
      await screen.close()
      if (session?.status.kind !== 'ended') sayFarewell(session?.id)
      if (failure !== undefined) process.stderr.write(`holdfast: ${failure.message}\n`)
      await client.close('the screen was closed')
    },
    exit: (code) => process.exit(failure?.exitCode ?? code),
  })
  process.stdout.on('error', () => ending.end('the terminal is gone'))

  try {
    session = await opened
    model.setSession(session.state)
    model.setStatus(session.status)
    if (options.prompt !== '') await takeLine(options.prompt)
  } catch (error) {
    const known = toUserError(error, client)
    if (!(known instanceof UserError)) throw error
    failure = known
    ending.end('the session could not be opened')
  }
  await screen.closed

  async function openSession(): Promise<ClientSession> {
    const id = options.sessionId ?? (options.latest ? await latestSession(client) : await newSession())
    return await client.openSession(id, {
      size,
      onEvent: (event) => model.takeEvent(event, session?.state),
      onStatus: (status) => model.setStatus(status),
    })
  }

  function newSession(): Promise<string> {
    return client.createSession({cwd: process.cwd(), ...size})
  }

  async function takeLine(text: string): Promise<void> {
    model.setNotice(undefined)
    if (text === '/quit') return leave()
    if (text === '/restart') return client.retry()
    const promptId = createPromptId()
    model.addUnsent(promptId, text)
    try {
      await (await opened).submit(text, {promptId})
    } finally {
      model.removeUnsent(promptId)
    }
  }

  /** True when Ctrl-C did its work; false when it should clear what is written. */
  function onInterrupt(isEmpty: boolean): boolean {
    if (session?.state.running != null) {
      void session.interrupt().catch(tell)
      return true
    }
    if (!isEmpty) return false
    const now = performance.now()
    if (now - lastInterruptAt < leaveWithinMs) leave()
    else model.setNotice('Press Ctrl-C again to leave')
    lastInterruptAt = now
    return true
  }

  function leave(): void {
    ending.end('the user left')
  }

  function tell(error: unknown): void {
    model.setNotice(error instanceof Error ? error.message : String(error))
  }
}

function sayFarewell(sessionId: string | undefined): void {
  if (sessionId === undefined || !process.stdout.writable) return
  process.stdout.write(styleText('dim', `The session runs on: holdfast --resume ${sessionId}`) + '\n')
}

async function latestSession(client: Client): Promise<string> {
  const {sessions} = await client.request('session.list', {})
  const latest = sessions.find(({state}) => state !== 'closed' && state !== 'unreadable')
  if (latest === undefined) throw new UserError('there is no session to continue; `holdfast` opens a new one')
  return latest.id
}
