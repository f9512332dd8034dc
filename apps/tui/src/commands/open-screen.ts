import {styleText} from 'node:util'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {createClient, type ClientSession, type Recovery} from '@holdfast/client'
import {createPromptId, createSessionId, homePaths} from '@holdfast/protocol'
import {createMemoryMonitor, endInOrder, recordRecovery} from '@holdfast/supervisor'

import {beginProcess} from '../begin-process.ts'
import {complain} from '../complain.ts'
import {describeRecovery} from '../describe-recovery.ts'
import {screenSize} from '../screen-size.ts'
import {readWord, type Word} from '../screen/read-word.ts'
import {createScreenModel} from '../screen/screen-model.ts'
import {showScreen} from '../screen/show-screen.tsx'
import {findHome} from '../surroundings.ts'
import {showLine} from '../screen/show-line.ts'
import {typed} from '../typed.ts'
import {UserError} from '../user-error.ts'
import {createScreenAttaching} from './attach-screen.ts'
import {createDraftKeeper} from './draft-keeper.ts'
import {chooseSession, type SessionChoice} from './choose-session.ts'
import {typedFor, type GatewayChoice} from './gateway-choice.ts'
import {routeFor} from './route-for.ts'
import {createTakeBack} from './take-back.ts'
import {toUserError} from './to-user-error.ts'

export interface ScreenOptions extends SessionChoice {
  /** A first prompt; empty for none. */
  prompt: string
}

/** How long after one Ctrl-C the next one leaves, ms. */
const leaveWithinMs = 2000

/** Of a session, so many of the last events are shown when it is opened: however long it is, that takes the same time. */
const shownEvents = 1000

/** What fits on most screens. */
const maxLogLines = 20

/** Opens the screen on a session, until its user leaves. The session runs on. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(`expected a terminal for the screen; \`${typed('run -- COMMAND')}\` needs none`, {exitCode: 2})
  }
  const home = findHome()
  const breadcrumbs = beginProcess('tui')
  const record = recordRecovery(breadcrumbs, 'gateway')
  const model = createScreenModel()
  const client = createClient({
    gateway: await routeFor(options.gateway, {home, breadcrumbs, asChild: true}),
    onStatus: (line) => {
      record(line)
      showLine(model, line, {isOpen: session !== undefined})
    },
    onWarning: (message) => model.setNotice(message),
  })
  let session: ClientSession | undefined
  let lastInterruptAt = -Infinity
  /** Why the screen could not be opened. */
  let failure: UserError | undefined
  /** Goes on with what waits for `/restart`. */
  let onRetry = () => {}

  const words: Record<Word, () => void | Promise<void>> = {'/quit': leave, '/restart': restart, '/logs': showLogs}
  const takeBack = createTakeBack(() => session)
  const attaching = createScreenAttaching(model)
  const drafts = createDraftKeeper(() => session)
  const opened = openSession()
  const screen = showScreen({
    model,
    onSubmit: (text) => void takeLine(text).catch(tell),
    onInterrupt,
    onTakeBack,
    onAttach: (suspend) => void attaching.attach(session, suspend).catch(tell),
    kept: opened.then(
      ({state}) => state.draft,
      () => '',
    ),
    onChange: drafts.changed,
  })
  const ending = endInOrder({
    breadcrumbs,
    stdin: process.stdin,
    async onEnd() {
      attaching.release()
      // The terminal first: whatever hangs after this, its user has it back.
      await screen.close()
      await drafts.flush()
      if (session?.status.kind !== 'ended') sayFarewell(session?.id, options.gateway)
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

  /** A gateway that dies again and again is left until somebody asks for it; the screen stays, and what is entered waits. */
  async function openSession(): Promise<ClientSession> {
    const newId = createSessionId()
    for (;;) {
      try {
        const id = await chooseSession(client, options, newId)
        const size = screenSize()
        let isFirst = true
        return await client.openSession(id, {
          afterSeq: -shownEvents,
          ...(size === undefined ? {} : {size}),
          onEvent(event) {
            if (isFirst && event.seq > 1) {
              const showAll = typedFor(options.gateway, 'show', id)
              model.addRemark(`This is the end of a long session; what came before: ${showAll}`)
            }
            isFirst = false
            model.takeEvent(event, session?.state)
          },
          onStatus: (status) => model.setStatus(status),
          onRecovered,
        })
      } catch (error) {
        const line = client.status
        if (line.kind !== 'gave-up' || line.reason !== 'budget') throw error
        await new Promise<void>((resolve) => (onRetry = resolve))
      }
    }
  }

  function onRecovered(recovery: Recovery): void {
    const runningBefore = session?.state.running ?? null
    const isRemote = options.gateway.connect !== undefined
    model.addRemark(describeRecovery({...recovery, runningBefore, isRemote}))
  }

  async function takeLine(text: string): Promise<void> {
    model.setNotice(undefined)
    const read = readWord(text)
    if (read.kind === 'word') return await words[read.word]()
    if (read.kind === 'unknown') return model.setNotice(read.why)
    const promptId = createPromptId()
    model.addUnsent(promptId, text)
    try {
      await (await opened).submit(text, {promptId})
    } finally {
      model.removeUnsent(promptId)
    }
  }

  /** The last of what the processes of this home told of their lives and deaths. */
  function showLogs(): void {
    const {crashLog} = homePaths(home)
    const lines = readCrashLog(crashLog).slice(-maxLogLines)
    model.addRemark(
      [...lines, lines.length === 0 ? 'The crash log is empty.' : `These lines end ${crashLog}.`].join('\n'),
    )
  }

  /** Asks for what is missing: the host of a session that cannot be reached, or else the gateway. */
  async function restart(): Promise<void> {
    if (session?.status.kind === 'detached') return await session.retry()
    if (client.status.kind === 'live') return model.setNotice('Nothing is missing that could be started again')
    client.retry()
    onRetry()
  }

  function onResize(): void {
    const size = screenSize()
    if (size !== undefined) session?.resize(size).catch(tell)
  }

  /** True when Ctrl-C did its work; false when it should clear what is written. */
  function onInterrupt(isEmpty: boolean): boolean {
    // While nobody can be asked, an interrupt would come late, as a surprise.
    const isReached = session?.status.kind === 'live' || session?.status.kind === 'not-saved'
    if (session?.state.running != null && isReached) {
      void session.interrupt().catch(tell)
      return true
    }
    if (!isEmpty) return false
    const now = performance.now()
    if (now - lastInterruptAt < leaveWithinMs) leave()
    else model.setNotice('Press Ctrl-C again to leave', {forMs: leaveWithinMs})
    lastInterruptAt = now
    return true
  }

  function onTakeBack(): Promise<string | undefined> | undefined {
    return takeBack()
      ?.then((text) => {
        if (text === undefined) model.setNotice('It has begun already; Ctrl-C interrupts it')
        return text
      })
      .catch((error: unknown) => {
        tell(error)
        return undefined
      })
  }

  function leave(): void {
    ending.end({kind: 'asked', by: 'user', why: 'the user left'})
  }

  function tell(error: unknown): void {
    const known = toUserError(error, client)
    model.setNotice(known instanceof Error ? known.message : String(known))
  }
}

function sayFarewell(sessionId: string | undefined, gateway: GatewayChoice): void {
  if (sessionId === undefined || !process.stdout.writable) return
  process.stdout.write(styleText('dim', `The session runs on: ${typedFor(gateway, '--resume', sessionId)}`) + '\n')
}
