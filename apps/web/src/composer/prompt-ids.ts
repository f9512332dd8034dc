import {createPromptId} from '@holdfast/protocol'

import type {Sent} from './send.ts'

/** A prompt that the page has sent without an answer: the host may have it or not. */
export interface UnsurePrompt {
  text: string
  promptId: string
}

/** The ids of the prompts that a composer sends. */
export interface PromptIds {
  /** `undefined`: the last prompt was answered. */
  readonly unsure: UnsurePrompt | undefined
  /** The id for a text that is being sent. One that is sent again, because nobody knows whether it has arrived, keeps its id: it runs once. */
  idOf(text: string): string
  settled(text: string, promptId: string, how: Sent): void
}

export interface PromptIdsOptions {
  /** Of an earlier composer. */
  unsure?: UnsurePrompt | undefined
  create?: () => string
}

export function createPromptIds({unsure: before, create = createPromptId}: PromptIdsOptions = {}): PromptIds {
  let unsure = before
  return {
    get unsure() {
      return unsure
    },
    idOf(text) {
      if (unsure?.text !== text) unsure = {text, promptId: create()}
      return unsure.promptId
    },
    settled(text, promptId, how) {
      unsure = how.kind === 'refused' && how.mayHaveArrived === true ? {text, promptId} : undefined
    },
  }
}
