import type {QueuedPrompt, SessionState} from '@holdfast/protocol'
import {describeHeld, shorten} from '@holdfast/session-view'

import {useApp} from '../app-context.ts'
import type {SessionModel} from '../session/open-session.ts'
import {Icon} from '../ui/icon.tsx'

export interface QueueProps {
  model: SessionModel
  state: SessionState
  /** Puts the text of a prompt that was taken back into the composer. */
  onEdit: (text: string) => void
  setNotice: (notice: string) => void
}

/** A longer prompt is cut, UTF-16 units. */
const maxShown = 200

/** The prompts that wait: each can be taken back, changed, or moved to the front. */
export function Queue({model, state, onEdit, setNotice}: QueueProps) {
  const {isReadOnly} = useApp()
  const held = describeHeld(state)
  const session = model.session()
  const isDisabled = isReadOnly || session === undefined

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      setNotice(error instanceof Error ? error.message : String(error))
    }
  }
  const withdraw = (prompt: QueuedPrompt, then: (text: string) => void) =>
    attempt(async () => {
      if (await session?.withdraw(prompt.prompt_id)) then(prompt.text)
      else setNotice('The prompt is already running: Stop interrupts it')
    })
  const drop = () =>
    attempt(async () => {
      for (const {prompt_id, held: isHeld} of state.queue) if (isHeld === true) await session?.withdraw(prompt_id)
    })

  return (
    <section className="queue" aria-label="Queue">
      <div className="queue-head">
        <span>{held ?? (state.queue.length === 1 ? '1 prompt waits' : `${state.queue.length} prompts wait`)}</span>
        {held !== undefined && (
          <>
            <button
              type="button"
              className="button"
              disabled={isDisabled}
              onClick={() => void attempt(async () => session?.continueQueue())}
            >
              Continue
            </button>
            <button type="button" className="button quiet danger" disabled={isDisabled} onClick={() => void drop()}>
              Drop
            </button>
          </>
        )}
      </div>
      <ol className="queue-rows">
        {state.queue.map((prompt, at) => {
          const name = shorten(prompt.text, maxShown)
          return (
            <li key={prompt.prompt_id} className="queue-row" data-held={prompt.held === true}>
              <span className="queue-text">{name}</span>
              {(at > 0 || prompt.held === true) && (
                <button
                  type="button"
                  className="button quiet square"
                  disabled={isDisabled}
                  aria-label={`Run next: ${name}`}
                  title="Run it next"
                  onClick={() => void attempt(async () => session?.promote(prompt.prompt_id))}
                >
                  <Icon name="up" />
                </button>
              )}
              <button
                type="button"
                className="button quiet square"
                disabled={isDisabled}
                aria-label={`Edit: ${name}`}
                title="Take it back to change it"
                onClick={() => void withdraw(prompt, onEdit)}
              >
                <Icon name="edit" />
              </button>
              <button
                type="button"
                className="button quiet square"
                disabled={isDisabled}
                aria-label={`Remove: ${name}`}
                title="Remove it"
                onClick={() => void withdraw(prompt, () => {})}
              >
                <Icon name="close" />
              </button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
