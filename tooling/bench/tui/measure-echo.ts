import {setTimeout as pause} from 'node:timers/promises'

import type {Probe} from './probe.ts'

/** None of them is in what the programs here print, and each is written once: a screen may send a whole line again. */
const letters = 'абвгдежзиклмнопрстуфхцчшщъыьэюя'
const clearKey = '\u0015'
const frameMs = 1000 / 30
/** A key that is not there by then is lost. */
const lostAfterMs = 5000

/** Types so many keys, one by one, at all moments of a frame; gives for each how long it took until it was seen, ms. */
export async function measureEcho(probe: Probe, keyCount: number): Promise<number[]> {
  const echoes: number[] = []
  for (let key = 0; key < keyCount; key++) {
    const letter = letters[key % letters.length]!
    if (letter === letters[0]) {
      probe.write(clearKey)
      await pause(200)
    }
    // Steps of the golden ratio: over a frame, they come everywhere, evenly.
    await pause(1.5 * frameMs + ((key * 0.618) % 1) * frameMs)
    probe.reset()
    const typedAt = performance.now()
    probe.write(letter)
    echoes.push((await probe.waitFor(letter, {timeoutMs: lostAfterMs})) - typedAt)
  }
  return echoes
}

/** What 95 of 100 do not exceed; NaN of none. */
export function p95Of(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? NaN
}
