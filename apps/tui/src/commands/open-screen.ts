import {styleText} from 'node:util'

import {createClient, type ClientSession} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createPromptId} from '@holdfast/protocol'
import {createMemoryMonitor, endInOrder, recordRecovery} from '@holdfast/supervisor'

import {beginProcess} from '../begin-process.ts'
import {complain} from '../complain.ts'
import {screenSize} from '../screen-size.ts'
import {createScreenModel} from '../screen/screen-model.ts'
import {showScreen} from '../screen/show-screen.tsx'
import {gatewayCommand} from '../surroundings.ts'
import {UserError} from '../user-error.ts'
import {chooseSession, type SessionChoice} from './choose-session.ts'
import {toUserError} from './to-user-error.ts'

export interface ScreenOptions extends SessionChoice {
  /** A first prompt; empty for none. */
  prompt: string
}

/** How long after one Ctrl-C the next one leaves, ms. */
const leaveWithinMs = 2000

/** Opens the screen on a session, until its user leaves. The session runs on. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError('expected a terminal for the screen; `holdfast run -- COMMAND` needs none', {exitCode: 2})
  }
  const breadcrumbs = beginProcess('tui')
  const record = recordRecovery(breadcrumbs, 'gateway')
  const model = createScreenModel()
  const client = createClient({
    connect: localGateway({command: gatewayCommand(), breadcrumbs}),
    // Until the session is open, what is known of its line is all that is known.
    onStatus: (line) => {
      record(line)
      if (session === undefined && line.kind === 'recovering') model.setStatus(line)
    },
    onWarning: (message) => model.setNotice(message),
  })
  let session: ClientSession | undefined
  let lastInterruptAt = -Infinity
  /** Why the screen could not be opened. */
  let failure: UserError | undefined

  const opened = openSession()
  const screen = showScreen({
    model,
    onSubmit: (text) => void takeLine(text).catch(tell),
    onInterrupt,
  })
  const ending = endInOrder({
    breadcrumbs,
    stdin: process.stdin,
    async onEnd() {
      // The terminal first: whatever hangs after this, its user has it back.
      await screen.close()
      if (session?.status.kind !== 'ended') sayFarewell(session?.id)
      if (failure !== undefined) complain(failure.message)
      await client.close('the screen was closed')
    },
    exit: (code) => process.exit(failure?.exitCode ?? code),
  })
  process.stdout.on('resize', onResize)
  process.stdout.on('error', () => ending.end({kind: 'terminal-gone'}))
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => ending.end({kind: 'memory', usedBytes, limitBytes}),
  })

  try {
    session = await opened
    model.setSession(session.state)
    model.setStatus(session.status)
    // It may have changed while the session was opened.
    onResize()
    if (options.prompt !== '') await takeLine(options.prompt)
  } catch (error) {
    const known = toUserError(error, client)
    if (!(known instanceof UserError)) throw error
    failure = known
    ending.end('the session could not be opened')
  }
  await screen.closed

  async function openSession(): Promise<ClientSession> {
    const id = await chooseSession(client, options)
    const size = screenSize()
    return await client.openSession(id, {
      ...(size === undefined ? {} : {size}),
      onEvent: (event) => model.takeEvent(event, session?.state),
      onStatus: (status) => model.setStatus(status),
    })
  }

  async function takeLine(text: string): Promise<void> {
    model.setNotice(undefined)
    if (text === '/quit') return leave()
    if (text === '/restart') return restart()
    const promptId = createPromptId()
    model.addUnsent(promptId, text)
    try {
      await (await opened).submit(text, {promptId})
    } finally {
      model.removeUnsent(promptId)
    }
  }

  /** Asks for what is missing: the host of a session that cannot be reached, or else the gateway. */
  async function restart(): Promise<void> {
    if (session?.status.kind !== 'detached') return client.retry()
    await session.retry()
    // That it is as before would be no news by itself.
    model.setStatus(session.status)
  }

  function onResize(): void {
    const size = screenSize()
    if (size !== undefined) session?.resize(size).catch(tell)
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
    ending.end({kind: 'asked', by: 'user', why: 'the user left'})
  }

  function tell(error: unknown): void {
    const known = toUserError(error, client)
    model.setNotice(known instanceof Error ? known.message : String(known))
  }
}

function sayFarewell(sessionId: string | undefined): void {
  if (sessionId === undefined || !process.stdout.writable) return
  process.stdout.write(styleText('dim', `The session runs on: holdfast --resume ${sessionId}`) + '\n')
}
