import {createClient, isPeerGone, type Recovery} from '@holdfast/client'
import {createDraftStore} from '@holdfast/client/typing'
import {createSessionId} from '@holdfast/protocol'
import {recordRecovery} from '@holdfast/supervisor'
import {describeRecovery} from '@holdfast/session-view'

import {beginProcess} from '../process/begin-process.ts'
import {terminalSize} from '../process/terminal-size.ts'
import {version} from '../process/version.ts'
import {createOutputExpander} from '../ui/output-expander.ts'
import {detachKeyOf} from '../settings/detach-key.ts'
import {findHome} from '../process/find-home.ts'
import {knowsProgress} from '../ui/taskbar-progress.ts'
import {showConnection} from '../ui/show-connection.ts'
import type {Screen} from '../ui/show-screen.tsx'
import {unbroken} from '../ui/unbroken.ts'
import {UserError} from '../process/user-error.ts'
import type {SlashCommandContext} from '../slash-commands/slash-command.ts'
import {slashCommandGroups, slashCommands} from '../slash-commands/slash-commands.ts'
import {createLineTaker} from './composer/line-taker.ts'
import {createProgramInputWatch} from './composer/program-input.ts'
import {createAutoAttach} from './attaching/auto-attach.ts'
import {createScreenAttaching} from './attaching/screen-attaching.ts'
import {createScreenComposer} from './composer/screen-composer.ts'
import {createConfiguredModel} from './configured-model.ts'
import {createClosedSession} from './closed-session.ts'
import {coalesce, resizeMs} from './coalesce.ts'
import {chooseSession, type SessionChoice} from '../sessions/choose-session.ts'
import {invocationFor, isRemote} from '../sessions/gateway-choice.ts'
import {gatewayConnector} from '../sessions/gateway-connector.ts'
import {withoutOwnName} from './own-events.ts'
import {createPastPromptPanel} from './past-prompts/past-prompt-panel.ts'
import {namesNoSession, offerAfterRestart} from './restart-offer.ts'
import {handleScreenShutdown} from './leaving/screen-shutdown.ts'
import {createModeCycler} from './agent/cycle-mode.ts'
import {pressScreenKey} from './screen-keys.ts'
import {showShellPrompt} from './shell-prompt.ts'
import {createSessionOpening} from './session-opening.ts'
import {createSessionWatch} from './session-watch.ts'
import {createSessionTabs} from './session-tabs.ts'
import {createShownSession} from './shown-session.ts'
import {toUserError} from '../sessions/to-user-error.ts'

export interface ScreenOptions extends SessionChoice {
  /** The first prompt; empty for none. */
  prompt: string
}

/** Opens the screen on a session. Resolves when the user leaves; the session keeps running. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  const home = findHome()
  const breadcrumbs = beginProcess('tui')
  const record = recordRecovery(breadcrumbs, 'gateway')
  const {model, settings, depth, theme, onColors} = createConfiguredModel(options.gateway)
  const client = createClient({
    gateway: await gatewayConnector(options.gateway, {home, breadcrumbs, asChild: true}),
    program: {name: 'terminal', version},
    onStatus: (status) => {
      record(status)
      model.setReadOnly(isReadOnly())
      showConnection(model, status, {isOpen: session() !== undefined})
    },
    onWarning: (message) => model.setNotice(message),
  })
  /** The reason that the session could not be opened. */
  let failure: UserError | undefined
  const session = () => shown.current
  const isReadOnly = () => client.greeting?.read_only === true
  /** The session, where this client may do more than look. */
  const usable = () => (isReadOnly() ? undefined : session())
  const isLocal = !isRemote(options.gateway)

  const writeToTerminal = (text: string) => void process.stdout.write(text)
  let drawn: Screen | undefined
  const watch = createSessionWatch({
    session,
    model,
    settings,
    isLocal,
    hasFocus: () => drawn?.hasFocus,
    write: writeToTerminal,
  })
  const shown = createShownSession({
    client,
    isInFleet: options.gateway.fleet !== undefined,
    onEvent(event, {id, isFirst, state}) {
      if (isFirst && event.seq > 1) {
        const all = unbroken(showCommand(id))
        model.addBlock({kind: 'note', text: `Only the end of the session is shown. All of it: ${all}`})
      }
      watch.takeEvent(event)
      unfinished.takeEvent(event)
      if (event.type === 'message.start' || event.type === 'message.complete') {
        programInput.clear()
        programInput.take(session()?.activity?.input)
      }
      const isPast = event.seq <= (session()?.openedSeq ?? Infinity)
      const shownEvent = withoutOwnName(event, client.greeting?.client)
      model.takeEvent(shownEvent, session()?.state, {isHistory: isPast, info: state.info})
      // `exit` ends the shell, and the screen goes on with a new one: the user may have meant to leave the screen.
      if (event.type === 'shell.exited' && event.payload.exit_code !== undefined && !isPast)
        model.setNotice('Ctrl-D leaves Holdfast', {forMs: 10_000})
    },
    onStatus(status) {
      model.setStatus(status)
      // The draft could not be saved meanwhile.
      if (status.kind === 'live') void drafts.flush()
    },
    onActivity: (activity) => programInput.take(activity?.input),
    onViewers: model.setViewers,
    onPrompt: showShellPrompt({setting: settings.prompt, session, model, depth, reportError}),
    onState: (state) => model.setSession(state),
    onRecovered,
    onLeft() {
      programInput.clear()
      model.leaveSession()
    },
  })
  const programInput = createProgramInputWatch({
    look: async () => await session()?.look(),
    onChange(input) {
      model.setInput(input)
      watch.takeInput(input)
      autoAttach.look()
    },
  })
  const attaching = createScreenAttaching(model, detachKeyOf(settings), (text) => composer.putBack(text))
  const expander = createOutputExpander({
    client,
    session,
    model,
    depth,
    showCommand,
  })
  const drafts = createDraftStore(usable, {
    onTooLong: (maxBytes) =>
      model.setNotice(`Longer than ${maxBytes.toLocaleString('en')} bytes: this draft is no longer saved`),
  })
  const cycleMode = createModeCycler({session, model, reportError})
  const {composer, history, guard, unfinished, showQueue} = createScreenComposer({
    client,
    session,
    usable,
    model,
    isLocal,
    depth,
    lend: (work) => screen.lend(work),
    onSubmit: (text, how) => void takeLine(text, how).catch(reportError),
    onDraft: drafts.changed,
    onAnswer: (promptId) => autoAttach.claim(promptId),
    onKey: (name) =>
      pressScreenKey(name, {
        screen,
        autoAttach,
        expander,
        pastPrompts,
        tabs,
        cycleMode,
        session: session(),
        model,
        reportError,
      }),
    leave,
    reportError,
  })
  const pastPrompts = createPastPromptPanel({
    client,
    session,
    model,
    composer,
    shownOverlay: () => drawn?.shownOverlay,
    lend: (work) => screen.lend(work),
    submit: (text) => void takeLine(text).catch(reportError),
    writeToTerminal,
    showCommand,
    reportError,
  })
  const autoAttach = createAutoAttach({
    setting: settings.attach,
    session: usable,
    model,
    composer,
    isBusy: () => drawn?.isPasting ?? true,
    async attach() {
      try {
        return await attaching.attach(session(), screen)
      } catch (error) {
        if (isPeerGone(error)) return 'connection-lost'
        reportError(error)
        return undefined
      }
    },
    detach: attaching.detach,
  })
  const {show, openSession} = createSessionOpening({
    client,
    gateway: options.gateway,
    shown,
    model,
    composer,
    drafts,
    closed: createClosedSession({client, model, depth, showCommand}),
    onShown() {
      watch.showBranch()
      programInput.take(session()?.activity?.input)
      // A program that ran before is the user's, too, as long as no other client has the terminal.
      const promptId = session()?.state.running?.prompt_id
      if (promptId !== undefined) autoAttach.claim(promptId)
      // Until the first Tab, the shell need not be ready; what is defined at its prompt from now on must be known by then.
      void usable()
        ?.complete('')
        .catch(() => undefined)
      // The size may have changed while the session was opened.
      sendSize()
      tabs.look()
    },
  })
  const tabs = createSessionTabs({
    client,
    setting: settings.tabs,
    currentId: () => session()?.id,
    model,
    openSession: (id) => openSession({kind: 'existing', id}),
  })
  const context: Omit<SlashCommandContext, 'answer'> = {
    client,
    session,
    opened: () => shown.opened,
    model,
    composer,
    home,
    commands: slashCommands,
    groups: slashCommandGroups,
    showQueue,
    pastPrompts,
    openSession,
    leave,
    restart,
    clearScreen: () => screen.repaint(),
    theme,
    showCommand,
    writeToTerminal,
    reportError,
  }
  const takeLine = createLineTaker({
    context,
    hiddenAt: () => guard.hiddenAt,
    isReadOnly,
    onPrompt(promptId, text) {
      autoAttach.claim(promptId)
      unfinished.submitted(promptId, text)
    },
    forget: history.remove,
    holdOnFailure: settings.queue === 'hold-on-failure',
    restore: composer.restore,
  })
  const newId = createSessionId()
  const opened = show(() => chooseSession(client, options, newId))
  // Handled below, when there is a screen to report it.
  opened.catch(() => undefined)
  // The gateway starts while Ink is loaded.
  const {showScreen} = await import('../ui/show-screen.tsx')
  const screen = showScreen({
    model,
    composer,
    hasHints: settings.hints === 'on',
    showsProgress: settings.progress === 'on' || (settings.progress === 'auto' && knowsProgress(process.env)),
    ...(onColors !== undefined && {onColors}),
  })
  drawn = screen
  autoAttach.look()
  // The history is not needed for the first frame.
  void opened.then(
    () => history.loadMore(),
    () => undefined,
  )
  const shutdown = handleScreenShutdown({
    breadcrumbs,
    client,
    gateway: options.gateway,
    session,
    screen,
    attaching,
    drafts,
    failure: () => failure,
    onInterrupt: () => composer.press({kind: 'key', name: 'ctrl-c'}),
  })
  process.stdout.on('resize', coalesce(sendSize, resizeMs))

  try {
    await opened
    if (options.prompt !== '') await takeLine(options.prompt)
    else if (namesNoSession(options))
      offerAfterRestart({
        home,
        client,
        composer,
        model,
        session,
        openSession: (id) => openSession({kind: 'existing', id}),
        reportError,
      }).catch(reportError)
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
    if (size !== undefined) usable()?.resize(size).catch(reportError)
  }

  function leave(): void {
    shutdown.begin({kind: 'requested', by: 'user', reason: 'the user left'})
  }

  function reportError(error: unknown): void {
    const known = toUserError(error, client, options.gateway)
    model.setNotice(known instanceof Error ? known.message : String(known))
  }
}
