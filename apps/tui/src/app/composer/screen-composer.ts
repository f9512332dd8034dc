import {basename} from 'node:path'

import type {Client, ClientSession} from '@holdfast/client'
import {createTypedTextGuard, type TypedTextGuard} from '@holdfast/client/typing'
import {createComposer, createHistory, type Composer, type ComposerOptions, type History} from '@holdfast/ink-composer'
import type {ColorDepth} from '@holdfast/terminal'
import {agentAtWork, outcomeSign} from '@holdfast/session-view'

import {menuCommands} from '../../slash-commands/menu-commands.ts'
import {slashCommands} from '../../slash-commands/slash-commands.ts'
import {hintFor} from '../../ui/composer/hint-for.ts'
import {createQueueOverlay} from '../../ui/composer/queue-overlay.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'
import {shownFolder} from '../../ui/shown-folder.ts'
import type {LendTerminal} from '../../ui/suspension.ts'
import {editInEditor} from './edit-in-editor.ts'
import {createInputSender} from './input-sender.ts'
import {createInterruptKey} from './interrupt-key.ts'
import {createLineCompleter} from './line-completer.ts'
import {createLeaveKey} from './leave-key.ts'
import {listFolder} from './list-folder.ts'
import {createQuestionOpener} from './question-opener.ts'
import {createQueueActions} from './queue-actions.ts'
import {createUnfinishedPrompts, type UnfinishedPrompts} from './unfinished-prompts.ts'
import {readDroppedFiles} from './read-dropped-files.ts'

export interface ScreenComposerOptions extends Required<Pick<ComposerOptions, 'onSubmit' | 'onKey'>> {
  client: Client
  session: () => ClientSession | undefined
  /** The same, unless this client may only look. */
  usable: () => ClientSession | undefined
  model: ScreenModel
  /** The session runs on this machine. */
  isLocal: boolean
  depth: ColorDepth
  /** Gives the terminal to another program. */
  lend: LendTerminal
  /** The prompt has this text now, and was begun when `hiddenAt` was known: see `ClientSession.setDraft`. */
  onDraft: (text: string, hiddenAt: number | undefined) => void
  /** The user has typed something for the program of this prompt. */
  onAnswer: (promptId: string) => void
  leave: () => void
  reportError: (error: unknown) => void
}

/** The composer of the screen, with what its keys do. */
export interface ScreenComposer {
  composer: Composer
  history: History
  guard: TypedTextGuard
  unfinished: UnfinishedPrompts
  /** Opens the queue's overlay; `false`: the queue is empty. */
  showQueue: () => boolean
}

/** Prompts of the history that are loaded at once. */
const historyPage = 1000

export function createScreenComposer({
  client,
  session,
  usable,
  model,
  isLocal,
  depth,
  lend,
  onSubmit,
  onDraft,
  onAnswer,
  onKey,
  leave,
  reportError,
}: ScreenComposerOptions): ScreenComposer {
  const {bindings} = model.snapshot
  const history = createHistory(async (before) => {
    const {prompts, next} = await client.request('prompt.history', {
      session_id: session()?.id,
      limit: historyPage,
      before,
    })
    const entries = prompts.map(({text, at, cwd, status, exit_code, reason}) => ({
      text,
      at,
      folder: cwd === undefined ? undefined : showFolder(cwd),
      outcome: outcomeSign(status, exit_code, reason),
    }))
    return {entries, next}
  })
  const showFolder = (folder: string) => shownFolder(model.snapshot.machine, folder)
  const queueActions = createQueueActions({session, setNotice: model.setNotice, reportError})
  const queueState = () => model.snapshot.session ?? {queue: [], held: null}
  const showQueue = () => {
    if (queueState().queue.length === 0) return false
    const actions = {...queueActions, bindings, onEdit: composer.restore}
    composer.open((host) => createQueueOverlay(queueState, host, actions))
    return true
  }
  /** The draft is for a coding agent, and not for the shell of its session. */
  const isForAgent = () =>
    (model.snapshot.session?.info.agent ?? 'shell') !== 'shell' && !composer.view.draft.text.startsWith('!')
  const isAgentAtWork = () => {
    const open = model.snapshot.session
    return open !== undefined && agentAtWork(open) !== undefined
  }
  const running = () => model.snapshot.session?.running?.prompt_id
  const sendInput = createInputSender({session, running, setNotice: model.setNotice, reportError})
  const interruptKey = createInterruptKey({session, model, leave, reportError})
  const guard = createTypedTextGuard({session, snapshot: () => composer.snapshot()})
  const unfinished = createUnfinishedPrompts({
    session: usable,
    restore: (text) => composer.restore(text),
    setNotice: model.setNotice,
  })
  /** Keys for prompts that are held. */
  const pressHeld = (name: string, isEmpty: boolean) => {
    if (queueState().held === null || composer.view.target !== 'prompt') return false
    if (name === 'ctrl-g') queueActions.goOn()
    else if (name === 'delete' && isEmpty) void drop()
    else return false
    return true
  }
  const drop = async () => {
    const dropped = await queueActions.drop()
    for (const text of dropped) history.add(text)
    if (dropped.length === 1) model.setNotice('Dropped: ↑ recalls it')
    else if (dropped.length > 1) model.setNotice(`Dropped ${dropped.length} prompts: ↑ recalls them`)
  }
  const questions = createQuestionOpener({session, composer: () => composer, model, reportError})
  const composer = createComposer({
    history,
    bindings,
    commands: () => menuCommands(slashCommands, model.snapshot.session?.agent?.settings?.commands),
    // The folders of another machine cannot be read.
    listFolder: isLocal ? (folder) => listFolder(session()?.state.info.cwd ?? process.cwd(), folder) : undefined,
    completeLine: createLineCompleter({session: usable, reportError}),
    mentions: isForAgent,
    // The files of another machine are others.
    readPaste: (text) => (isLocal && isForAgent() ? readDroppedFiles(text) : undefined),
    folder() {
      const cwd = session()?.state.info.cwd
      return cwd === undefined ? undefined : showFolder(cwd)
    },
    expandsHistory: () => /^(?:bash|zsh)$/.test(basename(session()?.state.info.shell ?? '')),
    // Without colours, it would look like a part of the draft.
    suggests: depth > 1,
    async onEdit(text) {
      try {
        return await editInEditor(text, {lend, setNotice: model.setNotice})
      } catch (error) {
        reportError(error)
        return undefined
      }
    },
    isIncomplete: unfinished.isIncomplete,
    onSubmit,
    onChange: (text) => onDraft(text, guard.hiddenAt),
    onTyped(text) {
      if (text !== '') interruptKey.noteTyped()
      guard.typed(text)
    },
    onInterrupt: interruptKey.press,
    onLeave: createLeaveKey({model, leave}),
    onInput(data, promptId, options) {
      onAnswer(promptId)
      return sendInput(data, promptId, options)
    },
    onKey: (name, isEmpty) => pressHeld(name, isEmpty) || onKey(name, isEmpty),
    onNotice: model.setNotice,
    onAnswer: questions.press,
    onRecall: showQueue,
    program() {
      const {input = 'none'} = model.snapshot
      const id = running()
      // An agent reads no input while it works.
      if (id === undefined || isAgentAtWork() || model.snapshot.isReadOnly === true) return undefined
      const {activity} = session() ?? {}
      return {id, input, reading: activity?.state === 'waiting-for-input' ? activity.since : undefined}
    },
    hint: (facts) =>
      hintFor(facts, bindings, {
        isAgentAtWork: isAgentAtWork(),
        isReadOnly: model.snapshot.isReadOnly === true,
        // A session with a program of its own refuses them.
        takesCommands: session()?.state.info.program === undefined,
      }),
  })
  model.subscribe(composer.refresh)
  model.subscribe(questions.look)
  composer.subscribe(questions.look)
  return {composer, history, guard, unfinished, showQueue}
}
