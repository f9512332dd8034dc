import type {ClientSession} from '@holdfast/client'

import type {PastPromptPanel} from '../slash-commands/slash-command.ts'
import type {OutputExpander} from '../ui/output-expander.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {Screen} from '../ui/show-screen.tsx'
import type {AutoAttach} from './attaching/auto-attach.ts'
import {stopAgent} from './agent/stop-agent.ts'
import type {SessionTabs} from './session-tabs.ts'

export interface ScreenKeyTargets {
  screen: Pick<Screen, 'repaint' | 'suspend'>
  autoAttach: Pick<AutoAttach, 'attach' | 'takeOffer' | 'hasJustEnded'>
  expander: OutputExpander
  pastPrompts: Pick<PastPromptPanel, 'open'>
  tabs: Pick<SessionTabs, 'open'>
  /** Sets the next mode of the agent; false: it has not several. */
  cycleMode: () => boolean
  session: ClientSession | undefined
  model: Pick<ScreenModel, 'setNotice' | 'setStopping'>
  reportError: (error: unknown) => void
}

/**
 * A key that the composer leaves to the screen, by the default key of its action (key-actions.ts). Returns whether the screen has a use
 * for it.
 */
export function pressScreenKey(name: string, targets: ScreenKeyTargets): boolean {
  const {screen, autoAttach, expander, pastPrompts, tabs, cycleMode, reportError} = targets
  const [, number] = /^alt-([1-9])$/.exec(name) ?? []
  if (number !== undefined) void tabs.open(Number(number)).catch(reportError)
  else if (name === 'ctrl-l') screen.repaint()
  else if (name === 'ctrl-o') autoAttach.attach()
  else if (name === 'enter') return autoAttach.takeOffer()
  else if (name === 'ctrl-]') void expander.open().catch(reportError)
  else if (name === 'alt-up') void pastPrompts.open().catch(reportError)
  else if (name === 'escape') return expander.stop() || stopAgent(targets)
  else if (name === 'shift-tab') return cycleMode()
  else if (name === 'ctrl-z') stop(targets)
  // The second press, which takes the terminal back, may be repeated.
  else if (name === 'ctrl-\\') void (autoAttach.hasJustEnded || typeSignal('\u001c', targets))
  else return false
  return true
}

/** Where input arrives, if only after a recovery. It names its prompt, so it reaches no other one. */
const reachable: ReadonlySet<string | undefined> = new Set(['live', 'not-saved', 'recovering'])

/** Ctrl-Z stops the running program, or, if none runs, this process. */
function stop(targets: ScreenKeyTargets): void {
  const {screen, model} = targets
  if (!typeSignal('\u001a', targets))
    screen.suspend(() => model.setNotice('Cannot suspend: no shell could resume this process'))
}

/** Types a key of which the terminal makes a signal for the running program. Returns false if none runs. */
function typeSignal(key: string, {session, reportError}: ScreenKeyTargets): boolean {
  const promptId = session?.state.running?.prompt_id
  if (!reachable.has(session?.status.kind) || promptId === undefined) return false
  void session?.input(Buffer.from(key), {promptId}).catch(reportError)
  return true
}
