import {defaultMaxDrawnBytes, type NewEvent} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

import {createDrawnOutput, type DrawnOutput} from '../output/drawn-output.ts'

/** `driven`: in sessions with a program of their own, and from the first key that a client presses by its name. */
type RecordScreens = 'driven' | 'always' | 'never'

export interface RecordedScreens {
  /** @default driven */
  screens?: RecordScreens | undefined
  /** How much of what each prompt draws is kept, bytes. @default defaultMaxDrawnBytes */
  maxBytes?: number | undefined
}

export interface ScreenRecordingOptions extends RecordedScreens {
  /** The session runs one program. */
  hasProgram: boolean
  /** Commits an event, at once or later. */
  record: (event: NewEvent) => void
  /** A monotonic clock, ms. */
  now: () => number
}

/** Puts what programs draw on the alternate screen into the log, for recordings of the session. */
export interface ScreenRecording {
  readonly isOn: boolean
  /** A client presses keys. Returns true if the recording begins with that. */
  noteKeys(): boolean
  /** What the next prompt draws. */
  createDrawn(): DrawnOutput
  noteSize(size: Size): void
}

export function createScreenRecording(options: ScreenRecordingOptions): ScreenRecording {
  const {screens = 'driven', maxBytes = defaultMaxDrawnBytes, hasProgram, record, now} = options
  let isOn = screens === 'always' || (screens === 'driven' && hasProgram)
  return {
    get isOn() {
      return isOn
    },
    noteKeys() {
      if (isOn || screens === 'never') return false
      isOn = true
      return true
    },
    createDrawn: () =>
      createDrawnOutput({
        maxBytes,
        onFrames: (frames) => record({type: 'screen.drawn', payload: {frames}}),
        onFull: () => record({type: 'screen.elided', payload: {}}),
        onElided: (bytes) => record({type: 'screen.elided', payload: {bytes}}),
        now,
      }),
    noteSize({cols, rows}) {
      if (isOn) record({type: 'screen.resized', payload: {cols, rows}})
    },
  }
}
