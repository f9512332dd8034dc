import type {Overlay, OverlayHost} from '@holdfast/ink-composer'
import type {QueuedPrompt} from '@holdfast/protocol'

export interface QueueActions {
  /** Takes a prompt out of the queue; its text, or `undefined` when it has begun. Never rejects. */
  withdraw: (promptId: string) => Promise<string | undefined>
  /** Makes a prompt the next that runs. Never rejects. */
  promote: (promptId: string) => Promise<void>
  /** Ctrl-C for what runs. */
  interrupt: () => void
  /** The text of a prompt is to be edited. */
  onEdit: (text: string) => void
}

/** The queue is shown nowhere else while this overlay is open. */
export const queueOverlayId = 'queue'

/** The prompts that wait: one is chosen, and edited, removed or sent now. */
export function createQueueOverlay(
  currentQueue: () => readonly QueuedPrompt[],
  host: OverlayHost,
  actions: QueueActions,
): Overlay {
  let seen = currentQueue()
  let queue = seen
  /** Chosen by what it is, not by where it is: the others move. Until somebody chooses, the last, also if that comes now. */
  let chosen: string | undefined
  /** Made the next one: the same key once more interrupts what runs. */
  let promoted: string | undefined
  /** Is being taken out. */
  let isBusy = false
  /** What was taken out; the session may show it for a moment more. */
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
  /** What waits now; in the place of what was chosen and is gone, what follows it. */
  const show = (at: number) => {
    queue = queue.filter(({prompt_id}) => !gone.has(prompt_id))
    if (queue.length === 0) host.close()
    else if (chosen === undefined || queue.some(({prompt_id}) => prompt_id === chosen)) host.redraw()
    else choose(at)
  }
  const takeOut = async (then: (text: string) => void) => {
    const promptId = queue[index()]?.prompt_id
    if (isBusy || promptId === undefined) return
    isBusy = true
    const at = index()
    const text = await actions.withdraw(promptId)
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
      actions.interrupt()
      return
    }
    promoted = chosen
    void actions.promote(chosen)
    host.redraw()
  }

  return {
    get view() {
      return {
        title: queue.length === 1 ? 'One prompt waits' : `${queue.length} prompts wait`,
        rows: queue.map(({text}, at) => ({text: `${at + 1}. ${text}`})),
        selected: index(),
        id: queueOverlayId,
        footer:
          promoted === undefined
            ? 'Enter edits · Del removes · Ctrl-S sends now · Esc back'
            : 'It is the next · Ctrl-S again interrupts what runs · Esc back',
      }
    },
    press(key) {
      if (key.kind === 'text') {
        // It begins the next prompt.
        host.close()
        return false
      }
      switch (key.name) {
        case 'up':
        case 'ctrl-p':
          choose(index() - 1)
          return true
        case 'down':
        case 'ctrl-n':
          if (index() === queue.length - 1) host.close()
          else choose(index() + 1)
          return true
        case 'enter':
          void takeOut((text) => {
            host.close()
            actions.onEdit(text)
          })
          return true
        case 'delete':
        case 'backspace':
        case 'ctrl-d':
          void takeOut(() => undefined)
          return true
        case 'ctrl-s':
          sendNow()
          return true
        case 'escape':
          host.close()
          return true
      }
      return false
    },
    refresh() {
      // Called with each frame.
      const next = currentQueue()
      if (next === seen) return
      seen = next
      const at = index()
      queue = seen
      show(at)
    },
  }
}
