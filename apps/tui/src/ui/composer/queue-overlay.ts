import {
  describeKey,
  joinHints,
  type KeyActions,
  type KeyBindings,
  type Overlay,
  type OverlayHost,
} from '@holdfast/ink-composer'
import type {SessionState} from '@holdfast/protocol'
import {describeHeld, queueLines} from '@holdfast/session-view'

export interface QueueActions {
  /** Removes a prompt from the queue. Resolves with its text, or `undefined` if it is running already. Never rejects. */
  withdraw: (promptId: string) => Promise<string | undefined>
  /** Moves a prompt to the front of the queue. Never rejects. */
  promote: (promptId: string) => Promise<void>
  /** Interrupts the running command. */
  interrupt: () => void
  /** Lets the prompts run that are held. */
  goOn: () => void
  /** The keys that its footer names. */
  bindings: KeyBindings
  /** Puts the text of a removed prompt into the draft. */
  onEdit: (text: string) => void
}

/** While this overlay is open, the live region does not list the queue. */
export const queueOverlayId = 'queue'

/** Lists the queue; the selected prompt can be edited, removed or moved to the front. */
export function createQueueOverlay(
  session: () => Pick<SessionState, 'queue' | 'held'>,
  host: OverlayHost,
  {withdraw, promote, interrupt, goOn, bindings, onEdit}: QueueActions,
): Overlay {
  let seen = session().queue
  let queue = seen
  /** Selected by id, as prompts move; `undefined` selects the last one. */
  let chosen: string | undefined
  /** Moved to the front: the same key again interrupts the running command. */
  let promoted: string | undefined
  /** A prompt is being removed. */
  let isBusy = false
  /** Removed prompts, which the session may still list for a moment. */
  const gone = new Set<string>()

  const index = () => {
    const at = queue.findIndex(({prompt_id}) => prompt_id === chosen)
    return at === -1 ? queue.length - 1 : at
  }
  const choose = (at: number) => {
    chosen = queue[Math.min(queue.length - 1, Math.max(0, at))]?.prompt_id
    promoted = undefined
    host.redraw()
  }
  /** Drops removed prompts; selects the next one if the selected one is gone. */
  const show = (at: number) => {
    queue = queue.filter(({prompt_id}) => !gone.has(prompt_id))
    if (queue.length === 0) host.close()
    else if (chosen === undefined || queue.some(({prompt_id}) => prompt_id === chosen)) host.redraw()
    else choose(at)
  }
  const remove = async (then: (text: string) => void) => {
    const promptId = queue[index()]?.prompt_id
    if (isBusy || promptId === undefined) return
    isBusy = true
    const at = index()
    const text = await withdraw(promptId)
    isBusy = false
    if (text !== undefined) {
      gone.add(promptId)
      then(text)
    }
    show(at)
  }
  const sendNow = () => {
    chosen = queue[index()]?.prompt_id
    if (chosen === undefined) return
    if (promoted === chosen) {
      host.close()
      interrupt()
      return
    }
    promoted = chosen
    void promote(chosen)
    host.redraw()
  }

  const edit = (text: string) => {
    host.close()
    onEdit(text)
  }
  const held = () => describeHeld(session())
  const continueHeld = () => {
    if (held() === undefined) return
    host.close()
    goOn()
  }
  const drop = () => void remove(() => undefined)
  const up = () => choose(index() - 1)
  const down = () => (index() === queue.length - 1 ? host.close() : choose(index() + 1))
  const actions: KeyActions = {
    up,
    'ctrl-p': up,
    down,
    'ctrl-n': down,
    enter: () => void remove(edit),
    delete: drop,
    backspace: drop,
    'ctrl-d': drop,
    'ctrl-s': sendNow,
    'ctrl-g': continueHeld,
    escape: host.close,
  }

  return {
    get view() {
      return {
        title: held() ?? (queue.length === 1 ? '1 prompt in the queue' : `${queue.length} prompts in the queue`),
        rows: queueLines(queue).map((text) => ({text})),
        selected: index(),
        id: queueOverlayId,
        footer:
          promoted === undefined
            ? joinHints(
                held() === undefined ? undefined : describeKey(bindings, 'ctrl-g', 'goes on'),
                'Enter edits',
                'Del removes',
                describeKey(bindings, 'ctrl-s', 'runs it next'),
                'Esc back',
              )
            : joinHints(
                'Runs next',
                describeKey(bindings, 'ctrl-s', 'again interrupts the running command'),
                'Esc back',
              ),
      }
    },
    press(key) {
      // Typing starts a new prompt.
      if (key.kind === 'text') host.close()
      const action = key.kind === 'text' ? undefined : actions[key.name]
      action?.()
      return action !== undefined
    },
    refresh() {
      // Called with each frame.
      const next = session().queue
      if (next === seen) return
      seen = next
      const at = index()
      queue = seen
      show(at)
    },
  }
}
