import {styleText} from 'node:util'
import {setFlagsFromString} from 'node:v8'

import {createClient, type ClientSession, type Recovery} from '@holdfast/client'
import {createPromptId, createSessionId, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'
import {createMemoryMonitor, endInOrder, recordRecovery} from '@holdfast/supervisor'

import {beginProcess} from '../begin-process.ts'
import {complain} from '../complain.ts'
import {describeRecovery} from '../describe-recovery.ts'
import {screenSize} from '../screen-size.ts'
import {attentionFor, attentionSequence} from '../screen/attention.ts'
import {createComposer} from '../screen/composer/create-composer.ts'
import {createPromptHistory} from '../screen/composer/prompt-history.ts'
import {findBranch} from '../screen/find-branch.ts'
import {createFoldedOpener} from '../screen/folded-opener.ts'
import {openKeyName} from '../screen/open-key.ts'
import type {ColorDepth} from '../screen/output/cell-style.ts'
import {createScreenModel} from '../screen/screen-model.ts'
import {showScreen} from '../screen/show-screen.tsx'
import {findSettingsFile, readSettings} from '../settings/read-settings.ts'
import {findHome} from '../surroundings.ts'
import {showLine} from '../screen/show-line.ts'
import {UserError} from '../user-error.ts'
import {readWord} from '../words/read-word.ts'
import type {WordContext} from '../words/word.ts'
import {words} from '../words/words.ts'
import {createDraftKeeper} from './draft-keeper.ts'
import {chooseSession, type SessionChoice} from './choose-session.ts'
import {typedFor, type GatewayChoice} from './gateway-choice.ts'
import {listFolder} from './list-folder.ts'
import {toMenuWords} from './menu-words.ts'
import {routeFor} from './route-for.ts'
import {createTakeBack} from './take-back.ts'
import {toUserError} from './to-user-error.ts'

export interface ScreenOptions extends SessionChoice {
  /** A first prompt; empty for none. */
  prompt: string
}

/** How long after one Ctrl-C the next one leaves, ms. */
const leaveWithinMs = 2000

/** So many of the prompts that were entered before are asked for at once. */
const historyPage = 500

/** Of a session, so many of the last events are shown when it is opened: however long it is, that takes the same time. */
const shownEvents = 1000

const defaultSize = {cols: 80, rows: 24}

/** Opens the screen on a session, until its user leaves. The session runs on. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  // Else the space for what is thrown away at once grows with each flood of output, by 100 MiB, and stays.
  setFlagsFromString('--semi-space-growth-factor=1')
  const home = findHome()
  const breadcrumbs = beginProcess('tui')
  const record = recordRecovery(breadcrumbs, 'gateway')
  const depth = process.stdout.getColorDepth() as ColorDepth
  const model = createScreenModel({size: screenSize() ?? defaultSize, depth})
  const {settings, problems} = readSettings(findSettingsFile())
  problems.forEach((text) => model.addBlock({kind: 'note', text}))
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
  let runningText: string | undefined
  /** Why the screen could not be opened. */
  let failure: UserError | undefined
  /** Goes on with what waits for `/restart`. */
  let onRetry = () => {}

  const takeBack = createTakeBack(() => session)
  const folded = createFoldedOpener({
    client,
    session: () => session,
    model,
    depth,
    typedForAll: (id) => typedFor(options.gateway, 'show', id),
  })
  const drafts = createDraftKeeper(() => session, {
    onTooLong: (maxLength) =>
      model.setNotice(`Longer than ${maxLength.toLocaleString('en')} characters, it is not kept should the screen die`),
  })
  const opened = openSession()
  const history = createPromptHistory((before) =>
    client.request('prompt.history', {limit: historyPage, ...(before === undefined ? {} : {before})}),
  )
  const composer = createComposer({
    session: () => model.snapshot.session,
    history,
    words: toMenuWords(words, () => context),
    // The folders of another machine are not to be seen from here.
    listFolder:
      options.gateway.connect === undefined
        ? (folder) => listFolder(session?.state.info.cwd ?? process.cwd(), folder)
        : undefined,
    onSubmit: (text) => void takeLine(text).catch(tell),
    onChange: drafts.changed,
    onInterrupt,
    onLeave: leave,
    onInput: async (data, promptId) => await session?.input(data, {promptId}).catch(tell),
    onKey,
    onNotice: model.setNotice,
    queue: {withdraw, promote, interrupt: () => void session?.interrupt().catch(tell)},
  })
  const context: WordContext = {client, session: () => session, model, composer, home, leave, restart}
  model.subscribe(composer.look)
  const screen = showScreen({model, composer})
  // What was written before comes before what is written meanwhile; what was entered before can wait.
  void opened.then(
    ({state}) => {
      composer.restore(state.draft)
      void history.loadMore()
    },
    () => undefined,
  )
  const ending = endInOrder({
    breadcrumbs,
    stdin: process.stdin,
    async onEnd() {
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
    showBranch()
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
              model.addBlock({kind: 'note', text: `This is the end of a long session; what came before: ${showAll}`})
            }
            isFirst = false
            watchFor(event)
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

  /** What of an event concerns others than the transcript. */
  function watchFor(event: SessionEvent | UnknownEvent): void {
    if (event.type === 'message.start') runningText = event.payload.text
    if (event.type === 'session.info' || event.type === 'message.complete') showBranch()
    const why = attentionFor(event, Date.now(), settings, runningText)
    if (why !== undefined) process.stdout.write(attentionSequence(settings.notify, why))
  }

  /** The branch of the session's folder, which is to be seen only from its own machine. */
  function showBranch(): void {
    if (session === undefined || options.gateway.connect !== undefined) return
    const {cwd} = session.state.info
    void findBranch(cwd).then((branch) => {
      if (session?.state.info.cwd === cwd) model.setBranch(branch)
    })
  }

  function onRecovered(recovery: Recovery): void {
    const runningBefore = session?.state.running ?? null
    const isRemote = options.gateway.connect !== undefined
    model.addBlock({kind: 'recovery', text: describeRecovery({...recovery, runningBefore, isRemote})})
  }

  async function takeLine(text: string): Promise<void> {
    model.setNotice(undefined)
    const read = readWord(text, words)
    if (read.kind === 'word') return await read.word.run(context, read.argument)
    if (read.kind === 'refused') return model.setNotice(read.why)
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
    if (session?.status.kind === 'detached') return await session.retry()
    if (client.status.kind === 'live') return model.setNotice('Nothing is missing that could be started again')
    client.retry()
    onRetry()
  }

  function onResize(): void {
    const size = screenSize()
    if (size !== undefined) session?.resize(size).catch(tell)
  }

  /** What comes of it is shown when it is saved, which may take long: that it was done is told. */
  async function interruptRun(to: ClientSession): Promise<void> {
    const isDone = await to.interrupt()
    if (isDone && to.status.kind === 'not-saved')
      model.setNotice('Ctrl-C was passed on; what comes of it is shown when it can be saved')
  }

  /** True when Ctrl-C did its work; false when it should clear what is written. */
  function onInterrupt(isEmpty: boolean): boolean {
    // While nobody can be asked, an interrupt would come late, as a surprise.
    const isReached = session?.status.kind === 'live' || session?.status.kind === 'not-saved'
    if (session?.state.running != null && isReached) {
      void interruptRun(session).catch(tell)
      return true
    }
    if (!isEmpty) return false
    const now = performance.now()
    if (now - lastInterruptAt < leaveWithinMs) leave()
    else model.setNotice('Press Ctrl-C again to leave', {forMs: leaveWithinMs})
    lastInterruptAt = now
    return true
  }

  function onKey(name: string): boolean {
    if (name === 'ctrl-l') screen.repaint()
    else if (name === openKeyName) void folded.open().catch(tell)
    else if (name === 'escape') return folded.stop()
    else if (name === 'ctrl-z') screen.suspend(() => model.setNotice('There is no shell that could bring it back'))
    else return false
    return true
  }

  async function withdraw(promptId: string): Promise<string | undefined> {
    try {
      const text = await takeBack(promptId)
      if (text === undefined) model.setNotice('It has begun already; Ctrl-C interrupts it')
      return text
    } catch (error) {
      tell(error)
      return undefined
    }
  }

  async function promote(promptId: string): Promise<void> {
    try {
      await session?.promote(promptId)
    } catch (error) {
      tell(error)
    }
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
