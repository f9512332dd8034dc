import type {AttachmentEnd, ClientSession} from '@holdfast/client'
import type {Composer} from '@holdfast/ink-composer'

import type {Settings} from '../../settings/settings-schema.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'
import {planAttach} from './plan-attach.ts'

export interface AutoAttachOptions {
  setting: Settings['attach']
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'snapshot' | 'setOffer' | 'subscribe'>
  composer: Pick<Composer, 'view' | 'subscribe'>
  /** The screen is not drawn yet, or a paste arrives. */
  isBusy: () => boolean
  /** Attaches the terminal. Resolves when that has ended, to `undefined` if it was not possible. Must not reject. */
  attach: () => Promise<AttachmentEnd | undefined>
  /** Ends the attachment. */
  detach: () => void
}

/** Gives the terminal to a program that wants it whole, and takes it back when the program no longer does. */
export interface AutoAttach {
  /** The user has submitted this prompt, or answered its program, on this screen. */
  claim(promptId: string): void
  /** What the program reads may have changed. */
  look(): void
  /** Attaches because the user asks for it. */
  attach(): void
  /** Enter in an empty draft: attaches if the screen offers that. Returns whether it does. */
  takeOffer(): boolean
  /** An attachment has ended within the last second: a key may still be meant for it. */
  readonly hasJustEnded: boolean
}

/** Prompts that may wait in the queue, and some more. */
const maxClaims = 300
/** After a key in a prompt, the user goes on typing for this long, ms: the next keys are not for a program. */
const typingMs = 1000
const justEndedMs = 1000

export function createAutoAttach(options: AutoAttachOptions): AutoAttach {
  const {setting, session, model, composer, isBusy, attach, detach} = options
  const ours = new Set<string>()
  /** The prompt whose program was declined, until it no longer wants the terminal. */
  let declined: string | undefined
  let isAttached = false
  /** The user has asked for the terminal to be attached again. The composer gets keys a moment before an attachment is over. */
  let isAskedAgain = false
  /** The program got the terminal because it wanted it. */
  let wanted = false
  /** The terminal is being taken back, as the program no longer wants it. Until that is over, the next one may. */
  let isTakenBack = false
  let typedAt = -Infinity
  let endedAt = -Infinity
  let draft = ''
  let timer: NodeJS.Timeout | undefined

  const running = () => session()?.state.running?.prompt_id
  /** How long the user is still taken to type on, ms. */
  const typingLeftMs = () => (composer.view.draft.text === '' ? 0 : typedAt + typingMs - performance.now())
  const plan = (isTyping: boolean) => {
    const promptId = running()
    const {input, isAttached: isAttachedElsewhere = false} = model.snapshot
    return planAttach({
      setting,
      input: promptId === undefined ? undefined : input,
      isReached: session()?.status.kind === 'live',
      isOurs: promptId !== undefined && ours.has(promptId),
      isAttachedElsewhere,
      isDeclined: promptId !== undefined && declined === promptId,
      isBusy: isBusy() || composer.view.overlay !== undefined || isTyping,
    })
  }

  const run = async () => {
    isAttached = true
    model.setOffer(undefined)
    const promptId = running()
    wanted = model.snapshot.input === 'terminal'
    isTakenBack = false
    const how = await attach()
    isAttached = false
    endedAt = performance.now()
    if (isAskedAgain) return attachByKey()
    // Without a word of the user, the program gets the terminal again only if it was neither detached by the user nor taken over.
    const isOver = how === 'connection-lost' || how === 'program-ended' || (how === 'detached' && isTakenBack)
    if (model.snapshot.input === 'terminal' && !isOver) declined = promptId
    look()
  }
  const attachByKey = () => {
    isAskedAgain = isAttached
    if (isAttached) return
    declined = undefined
    void run()
  }
  const look = () => {
    const promptId = running()
    const {input} = model.snapshot
    if (input !== 'terminal' || promptId !== declined) declined = undefined
    if (isAttached) {
      if (input === 'terminal') wanted = true
      else if (wanted && promptId !== undefined && input !== undefined) {
        isTakenBack = true
        detach()
      }
      return
    }
    const leftMs = typingLeftMs()
    const decided = plan(leftMs > 0)
    clearTimeout(timer)
    if (decided === 'give') return void run()
    // A timer may be early by a part of a millisecond.
    if (decided === 'offer' && leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs))
    const isByKey = setting === 'key' || model.snapshot.isAttached === true
    model.setOffer(decided === 'offer' ? (isByKey ? 'key' : 'enter') : undefined)
  }

  model.subscribe(look)
  composer.subscribe(() => {
    const {text} = composer.view.draft
    if (text !== draft) typedAt = performance.now()
    draft = text
    look()
  })
  return {
    claim(promptId) {
      ours.delete(promptId)
      ours.add(promptId)
      for (const oldest of ours) {
        if (ours.size <= maxClaims) break
        ours.delete(oldest)
      }
    },
    look,
    attach: attachByKey,
    takeOffer() {
      if (isAttached) return false
      // Another client may have got the terminal since the last frame.
      look()
      if (isAttached) return true
      if (model.snapshot.offer !== 'enter') return false
      attachByKey()
      return true
    },
    get hasJustEnded() {
      return performance.now() - endedAt < justEndedMs
    },
  }
}
