import {maxBackgroundOutputBytes, type NewEvent} from '@holdfast/protocol'

import {createBoundedOutput} from './bounded-output.ts'
import type {OutputBatch} from './output-batch.ts'

export interface BackgroundOutput {
  add(data: Uint8Array): void
  /** Flushes the output: a prompt starts, prints or ends. */
  end(): void
}

/** Turns output between two prompts into events. The bound counts anew after each prompt. */
export function createBackgroundOutput(append: (event: NewEvent) => void): BackgroundOutput {
  let output: OutputBatch | undefined

  const begin = () =>
    createBoundedOutput({
      maxBytes: maxBackgroundOutputBytes,
      onBatch: (batch) => append({type: 'background.output', payload: batch}),
      onElided: (bytes) => append({type: 'background.elided', payload: {bytes}}),
      onFull: () => append({type: 'note', payload: {text: fullNote, level: 'warning'}}),
    })

  return {
    add: (data) => (output ??= begin()).add(data),
    end() {
      output?.flush()
      output = undefined
    },
  }
}

const fullNote =
  'Background jobs have printed more than the log keeps. Of the rest, only the end is kept; it is shown with the next prompt'
