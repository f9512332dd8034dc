import {setTimeout as delay} from 'node:timers/promises'

import type {Probe} from './probe.ts'

/** No program here prints them, and each is typed once: a screen may draw a whole line again. */
const letters = 'абвгдежзиклмнопрстуфхцчшщъыьэюя'
const clearKey = '\u0015'
const frameMs = 1000 / 30
/** A key that is not echoed by then is lost. */
const lostAfterMs = 5000

/** Types keys one by one, at all moments of a frame. Returns the time from each key to its echo, ms. */
export async function measureEcho(probe: Probe, keyCount: number): Promise<number[]> {
  const echoMs: number[] = []
  for (let key = 0; key < keyCount; key++) {
    const letter = letters[key % letters.length]!
    if (letter === letters[0]) {
      probe.write(clearKey)
      await delay(200)
    }
    // Steps of the golden ratio spread the keys evenly over a frame.
    await delay(1.5 * frameMs + ((key * 0.618) % 1) * frameMs)
    probe.reset()
    const typedAt = performance.now()
    probe.write(letter)
    echoMs.push((await probe.waitFor(letter, {timeoutMs: lostAfterMs})) - typedAt)
  }
  return echoMs
}
