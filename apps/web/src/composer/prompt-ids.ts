import {createPromptId} from '@holdfast/protocol'

import type {Sent} from './send.ts'

/** The ids of the prompts that a composer sends. */
export interface PromptIds {
  /** A text that is sent again, because nobody knows whether it has arrived, keeps its id: it runs once. */
  idOf(text: string): string
  settled(text: string, promptId: string, how: Sent): void
}

export function createPromptIds(create: () => string = createPromptId): PromptIds {
  let unsure: {text: string; promptId: string} | undefined
  return {
    idOf: (text) => (unsure?.text === text ? unsure.promptId : create()),
    settled(text, promptId, how) {
      unsure = how.kind === 'refused' && how.mayHaveArrived === true ? {text, promptId} : undefined
    },
  }
}
