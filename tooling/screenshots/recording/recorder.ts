import type {CastEvent} from '../../../apps/tui/src/export/asciicast.ts'

/** Collects what a terminal gets, with the time. */
export interface Recorder {
  readonly events: readonly CastEvent[]
  /** Takes bytes; an incomplete character waits for the next ones. */
  take(bytes: Buffer): void
  /** Names a moment, to which a player can jump. */
  mark(text: string): void
}

/** `replacements`: what the recording shows instead of a text that differs from run to run. */
export function createRecorder(now: () => number, replacements: readonly (readonly [string, string])[]): Recorder {
  const events: CastEvent[] = []
  const decoder = new TextDecoder()
  const start = now()
  const add = (kind: CastEvent['kind'], text: string) => events.push({at: (now() - start) / 1000, kind, text})
  return {
    events,
    take(bytes) {
      const text = decoder.decode(bytes, {stream: true})
      const shown = replacements.reduce((all, [from, to]) => all.replaceAll(from, to), text)
      if (shown !== '') add('output', shown)
    },
    mark: (text) => add('marker', text),
  }
}
