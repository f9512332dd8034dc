import type {LoggedEvent} from '@holdfast/protocol'
import {describeElided} from '@holdfast/session-view'

/** Prints messages between the output of programs. */
export interface Voice {
  /** Prints the output of an event. */
  print(event: LoggedEvent): void
  /** Prints sentences, each on a line. */
  say(...sentences: string[]): void
}

export interface VoiceOptions {
  /** Prints output. */
  output: {print(event: LoggedEvent): void; flush(): void; readonly isAtLineStart: boolean}
  /** Ends an unfinished line of output; `undefined` if messages go elsewhere. */
  breakLine: (() => void) | undefined
  /** Prints a sentence as one plain line. */
  printSentence: (sentence: string) => void
  /**
   * Clears the line that the user edits before printing, and draws it again afterwards. `isAnswer`: it is the answer to a question
   * of an agent, which is edited while a prompt runs.
   */
  room: {make(): void; giveBack(): void; readonly isAnswer: boolean}
}

export function createVoice({output, breakLine, printSentence, room}: VoiceOptions): Voice {
  let isRunning = false
  /** A sentence has ended an unfinished line of output. */
  let isBroken = false

  const say: Voice['say'] = (...sentences) => {
    room.make()
    if (breakLine !== undefined && !output.isAtLineStart && !isBroken) {
      breakLine()
      isBroken = true
    }
    for (const sentence of sentences) printSentence(sentence)
    if (!isRunning || room.isAnswer) room.giveBack()
  }

  return {
    say,
    print(event) {
      switch (event.type) {
        case 'message.start':
          isRunning = true
          room.make()
          output.print(event)
          break
        case 'message.delta':
          room.make()
          output.print(event)
          isBroken = false
          if (room.isAnswer && output.isAtLineStart) room.giveBack()
          break
        case 'output.elided':
          output.flush()
          say(describeElided(event.payload))
          break
        case 'message.complete':
          // The message about its end draws the user's line again.
          output.flush()
          isRunning = false
          break
      }
    },
  }
}
