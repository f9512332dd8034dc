import {setTimeout as delay} from 'node:timers/promises'
import {createClient, isRpcError, type Recovery} from '@holdfast/client'
import {createPromptId, createSessionId} from '@holdfast/protocol'
import {createMemoryMonitor, graces, handleShutdown, onSignals, recordRecovery} from '@holdfast/supervisor'
import {createComposer, createHistory} from '@holdfast/ink-composer'
import type {ColorDepth} from '@holdfast/terminal'

import {beginProcess} from '../process/begin-process.ts'
import {printError} from '../process/print-error.ts'
import {describeRecovery} from '../format/recovery.ts'
import {terminalSize} from '../process/terminal-size.ts'
import {createOutputExpander} from '../ui/output-expander.ts'
import {expandKeyName} from '../ui/expand-key.ts'
import {hintFor} from '../ui/composer/hint-for.ts'
import {createQueueOverlay} from '../ui/composer/queue-overlay.ts'
import {createScreenModel} from '../ui/screen-model.ts'
import {findSettingsFile, readSettings} from '../settings/read-settings.ts'
import {findHome} from '../process/find-home.ts'
import {showConnection} from '../ui/show-connection.ts'
import {UserError} from '../process/user-error.ts'
import {parseSlashCommand} from '../slash-commands/parse-slash-command.ts'
import type {SlashCommandContext} from '../slash-commands/slash-command.ts'
import {slashCommands} from '../slash-commands/slash-commands.ts'
import {createAnswerKey} from './answer-key.ts'
import {createScreenAttaching} from './screen-attaching.ts'
import {coalesce, resizeMs} from './coalesce.ts'
import {createDraftStore} from './draft-store.ts'
import {chooseSession, type SessionChoice} from '../sessions/choose-session.ts'
import {invocationFor} from '../sessions/gateway-choice.ts'
import {createInterruptKey} from './interrupt-key.ts'
import {listFolder} from './list-folder.ts'
import {createQueueActions} from './queue-actions.ts'
import {gatewayConnector} from '../sessions/gateway-connector.ts'
import {sayFarewell} from './say-farewell.ts'
import {createSessionOpening} from './session-opening.ts'
import {createSessionWatch} from './session-watch.ts'
import {createShownSession} from './shown-session.ts'
import {toUserError} from '../sessions/to-user-error.ts'

export interface ScreenOptions extends SessionChoice {
  /** The first prompt; empty for none. */
  prompt: string
}

/** Prompts of the history that are loaded at once. */
const historyPage = 500

const defaultSize = {cols: 80, rows: 24}

/** Opens the screen on a session. Resolves when the user leaves; the session keeps running. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  const home = findHome()
  const breadcrumbs = beginProcess('tui')
  const record = recordRecovery(breadcrumbs, 'gateway')
  const depth = process.stdout.getColorDepth() as ColorDepth
  const model = createScreenModel({size: terminalSize() ?? defaultSize, depth})
  const {settings, problems} = await readSettings(findSettingsFile())
  problems.forEach((text) => model.addBlock({kind: 'note', text}))
  const client = createClient({
    gateway: await gatewayConnector(options.gateway, {home, breadcrumbs, asChild: true}),
    onStatus: (status) => {
      record(status)
      showConnection(model, status, {isOpen: session() !== undefined})
    },
    onWarning: (message) => model.setNotice(message),
  })
  /** The reason that the session could not be opened. */
  let failure: UserError | undefined
  const session = () => shown.current
  const isLocal = options.gateway.connect === undefined

  const watch = createSessionWatch({session, model, settings, isLocal, write: (text) => process.stdout.write(text)})
  const shown = createShownSession({
    client,
    onEvent(event, id, isFirst) {
      if (isFirst && event.seq > 1) {
        model.addBlock({kind: 'note', text: `Only the end of the session is shown. All of it: ${showCommand(id)}`})
      }
      watch.takeEvent(event)
      model.takeEvent(event, session()?.state, event.seq <= (session()?.openedSeq ?? Infinity))
    },
    onStatus(status) {
      model.setStatus(status)
      // The draft could not be saved meanwhile.
      if (status.kind === 'live') void drafts.flush()
    },
    onActivity: (activity) => model.setActivity(activity),
    onState: (state) => model.setSession(state),
    onRecovered,
    onLeft: () => model.leaveSession(),
  })
  const attaching = createScreenAttaching(model)
  const expander = createOutputExpander({
    client,
    session,
    model,
    depth,
    showCommand,
  })
  const drafts = createDraftStore(session, {
    onTooLong: (maxBytes) =>
      model.setNotice(`Longer than ${maxBytes.toLocaleString('en')} bytes: this draft is no longer saved`),
  })
  const history = createHistory(async (before) => {
    const {prompts, has_more} = await client.request('prompt.history', {limit: historyPage, before})
    return {entries: prompts, hasMore: has_more}
  })
  const queueActions = createQueueActions({session, setNotice: model.setNotice, reportError})
  const queue = () => model.snapshot.session?.queue ?? []
  const composer = createComposer({
    history,
    commands: slashCommands,
    // The folders of another machine cannot be read.
    listFolder: isLocal ? (folder) => listFolder(session()?.state.info.cwd ?? process.cwd(), folder) : undefined,
    onSubmit: (text) => void takeLine(text).catch(reportError),
    onChange: drafts.changed,
    onInterrupt: createInterruptKey({session, model, leave, reportError}),
    onLeave: leave,
    onInput: async (data, promptId) => await session()?.input(data, {promptId}).catch(reportError),
    onKey,
    onNotice: model.setNotice,
    onAnswer: createAnswerKey({session, composer: () => composer, reportError}),
    onRecall: showQueue,
    program() {
      const {session: state, isAsking, output} = model.snapshot
      if (state?.running == null) return undefined
      return {
        id: state.running.prompt_id,
        // For a full-screen program, the live region shows how to attach instead.
        isAsking: isAsking === true && output?.isFullScreen !== true,
        isSecret: session()?.activity?.echo === false,
      }
    },
    hint: hintFor,
  })
  const {show, openSession} = createSessionOpening({
    client,
    gateway: options.gateway,
    shown,
    model,
    composer,
    drafts,
    onShown() {
      watch.showBranch()
      // The size may have changed while the session was opened.
      sendSize()
    },
  })
  const context: SlashCommandContext = {
    client,
    session,
    opened: () => shown.opened,
    model,
    composer,
    home,
    commands: slashCommands,
    showQueue,
    openSession,
    leave,
    restart,
    clearScreen: () => screen.repaint(),
    showCommand,
    writeToTerminal: (text) => process.stdout.write(text),
    reportError,
  }
  model.subscribe(composer.refresh)
  const newId = createSessionId()
  const opened = show(() => chooseSession(client, options, newId))
  // Handled below, when there is a screen to report it.
  opened.catch(() => undefined)
  // The gateway starts while Ink is loaded.
  const {showScreen} = await import('../ui/show-screen.tsx')
  const screen = showScreen({model, composer})
  // The history is not needed for the first frame.
  void opened.then(
    () => history.loadMore(),
    () => undefined,
  )
  // In raw mode no key sends it. It comes from outside, such as for the whole process group of a script.
  onSignals(['SIGINT'], () => attaching.interrupt() || composer.press({kind: 'key', name: 'ctrl-c'}))
  const shutdown = handleShutdown({
    breadcrumbs,
    signals: ['SIGTERM', 'SIGHUP', 'SIGQUIT'],
    stdin: process.stdin,
    async onShutdown() {
      attaching.release()
      // The terminal first: the user has it back even if something hangs after this.
      await screen.close()
      await Promise.race([drafts.flush(), delay(graces.client.saveMs)])
      if (session()?.status.kind !== 'ended') sayFarewell(session()?.id, options.gateway)
      if (failure !== undefined) printError(failure.message)
      await client.close('the screen was closed')
    },
    exit: (code) => process.exit(failure?.exitCode ?? code),
  })
  process.stdout.on('resize', coalesce(sendSize, resizeMs))
  process.stdout.on('error', () => shutdown.begin({kind: 'terminal-closed'}))
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })

  try {
    await opened
    if (options.prompt !== '') await takeLine(options.prompt)
  } catch (error) {
    const known = toUserError(error, client, options.gateway)
    if (!(known instanceof UserError)) throw error
    failure = known
    shutdown.begin('the session could not be opened')
  }
  await screen.closed

  function showCommand(id: string, afterSeq = 0): string {
    return invocationFor(options.gateway, 'show', ...(afterSeq > 0 ? ['--after', String(afterSeq)] : []), id)
  }

  function onRecovered(recovery: Recovery): void {
    const runningBefore = session()?.state.running ?? null
    model.addBlock({kind: 'recovery', text: describeRecovery({...recovery, runningBefore, isRemote: !isLocal})})
  }

  async function takeLine(text: string): Promise<void> {
    model.setNotice(undefined)
    const read = parseSlashCommand(text, slashCommands)
    if (read.kind === 'command') return await read.command.run(context, read.argument)
    if (read.kind === 'refused') return model.setNotice(read.why)
    const promptId = createPromptId()
    model.addUnsent(promptId, text)
    try {
      await (await shown.opened).submit(text, {promptId})
    } catch (error) {
      // A refused prompt is neither in the queue nor in the log.
      if (isRpcError(error)) composer.restore(text)
      throw error
    } finally {
      model.removeUnsent(promptId)
    }
  }

  /** Tries again to start the session's host, or the gateway. */
  async function restart(): Promise<void> {
    if (session()?.status.kind === 'detached') return await session()?.retry()
    if (client.status.kind === 'live')
      return model.setNotice('Nothing to restart: the gateway and the session are running')
    client.retry()
    shown.retry()
  }

  function sendSize(): void {
    const size = terminalSize()
    if (size !== undefined) session()?.resize(size).catch(reportError)
  }

  function showQueue(): boolean {
    if (queue().length === 0) return false
    composer.open((host) =>
      createQueueOverlay(queue, host, {...queueActions, onEdit: (text) => composer.restore(text)}),
    )
    return true
  }

  function onKey(name: string): boolean {
    if (name === 'ctrl-l') screen.repaint()
    else if (name === 'ctrl-o') void attaching.attach(session(), screen.lend).catch(reportError)
    else if (name === expandKeyName) void expander.open().catch(reportError)
    else if (name === 'escape') return expander.stop()
    else if (name === 'ctrl-z')
      screen.suspend(() => model.setNotice('Cannot suspend: no shell could resume this process'))
    else return false
    return true
  }

  function leave(): void {
    shutdown.begin({kind: 'requested', by: 'user', reason: 'the user left'})
  }

  function reportError(error: unknown): void {
    const known = toUserError(error, client, options.gateway)
    model.setNotice(known instanceof Error ? known.message : String(known))
  }
}
