import type {SessionEvent, UnknownEvent} from '@holdfast/protocol'

import {describeElided} from '../format/outcomes.ts'

/** What is told to a person, among what programs print. */
export interface Voice {
  /** Prints what there is to print of an event. */
  print(event: SessionEvent | UnknownEvent): void
  /** A sentence, or several, each a line. */
  say(...sentences: string[]): void
}

export interface VoiceOptions {
  /** Prints what programs print. */
  output: {print(event: SessionEvent | UnknownEvent): void; flush(): void; readonly isAtLineStart: boolean}
  /** Writes to stdout, if that is where sentences go, too: then none of them begins within a line of output. */
  breakLine: (() => void) | undefined
  /** Where a sentence goes, as one line in which nothing is obeyed. */
  tell: (sentence: string) => void
  /** Room is made for what is written where somebody types, and given back when no more is to come. */
  room: {make(): void; giveBack(): void}
}

export function createVoice({output, breakLine, tell, room}: VoiceOptions): Voice {
  let isRunning = false
  /** The line of output that has no end was left for a sentence. */
  let isBroken = false

  const say: Voice['say'] = (...sentences) => {
    room.make()
    if (breakLine !== undefined && !output.isAtLineStart && !isBroken) {
      breakLine()
      isBroken = true
    }
    for (const sentence of sentences) tell(sentence)
    if (!isRunning) room.giveBack()
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
          output.print(event)
          isBroken = false
          break
        case 'output.elided':
          output.flush()
          say(describeElided(event.payload))
          break
        case 'message.complete':
          // What is said of its end gives the room back.
          output.flush()
          isRunning = false
          break
      }
    },
  }
}
