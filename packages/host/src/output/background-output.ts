import {maxBackgroundOutputBytes, type NewEvent} from '@holdfast/protocol'

import {createBoundedOutput} from './bounded-output.ts'
import type {OutputBatch} from './output-batch.ts'

export interface BackgroundOutput {
  add(data: Uint8Array): void
  /** A prompt prints, or begins: what waits comes before it. */
  end(): void
}

/** Gathers what is printed between two prompts into events. Each time between them has a bound of its own. */
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
  'What runs in the background has printed more than is kept: of the rest, only the end is, and it is shown with the next prompt'
