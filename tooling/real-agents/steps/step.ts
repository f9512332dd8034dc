import type {DrivenSession} from '../session/driven-session.ts'

/** One thing that is tried with an agent. */
export interface Step {
  name: string
  /** Resolves with what was seen. Throws if it is not what was expected. */
  run(session: DrivenSession): Promise<string>
}

/** Throws if something was not seen. */
export function expectThat(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Error(`Expected ${expected}, got ${typeof got === 'string' ? got : JSON.stringify(got)}`)
}

/**
 * Expects the words `w0 w1 …`, which the model streams, without a gap, each once; `count` of them, or any number but none. A
 * screen may wrap within a word. Returns how many there are.
 */
export function expectWords(text: string, count?: number): number {
  const words = [...text.replaceAll('\n', '').matchAll(/w(\d+)/g)].map(([, number]) => Number(number))
  const inOrder = words.every((word, at) => word === at)
  const enough = count === undefined ? words.length > 0 : words.length === count
  expectThat(inOrder && enough, `${count ?? 'some'} words in order, each once`, text)
  return words.length
}
