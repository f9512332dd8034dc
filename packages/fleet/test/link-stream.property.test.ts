import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {createLinkStream, type LinkStream} from '../src/connect/link-stream.ts'

/** What the network does to one frame. */
const fate = fc.constantFrom('deliver', 'deliver', 'deliver', 'deliver', 'drop', 'repeat', 'delay')
const chunk = fc.string({minLength: 1, maxLength: 300})

function createPair(fates: readonly string[]) {
  const inFlight: (() => void)[] = []
  const late: (() => void)[] = []
  let n = 0
  const ends: LinkStream[] = []
  const open = (other: number) =>
    createLinkStream({
      window: 4096,
      peerWindow: 4096,
      maxBodyBytes: 100,
      onClosed() {},
      send(frame) {
        const arrive = () => ends[other]?.receive(frame)
        const what = fates[n++ % fates.length]
        if (what === 'drop') return
        if (what === 'delay') late.push(arrive)
        else inFlight.push(arrive, ...late.splice(0))
        // A copy may come much later.
        if (what === 'repeat') late.push(arrive)
      },
    })
  ends.push(open(1), open(0))
  return {
    near: ends[0]!,
    far: ends[1]!,
    /** Delivers until nothing is on its way. */
    async settle() {
      for (;;) {
        inFlight.shift()?.()
        await new Promise(setImmediate)
        if (inFlight.length === 0) inFlight.push(...late.splice(0))
        if (inFlight.length === 0) return
      }
    },
  }
}

const isWhole = (fates: readonly string[]) => fates.every((what) => what === 'deliver' || what === 'repeat')

test('whatever the network does to its frames, a stream is a prefix of what was written, and is lost unless it is whole', async () => {
  const schedule = fc.array(fate, {minLength: 1, maxLength: 40})
  await fc.assert(
    fc.asyncProperty(schedule, fc.array(chunk, {minLength: 1, maxLength: 60}), async (fates, chunks) => {
      const {near, far, settle} = createPair(fates)
      let read = ''
      let error: Error | undefined
      let hasEnded = false
      far.stream.setEncoding('latin1').on('data', (text: string) => (read += text))
      far.stream.on('error', (fault) => (error = fault)).on('end', () => (hasEnded = true))
      near.stream.on('error', () => {}).resume()
      for (const text of chunks) near.stream.write(text)
      near.stream.end()
      await settle()
      // As the timer does: what is missing at the end is noticed then.
      for (let n = 0; n < 50 && !hasEnded && error === undefined; n++) {
        near.ping()
        await settle()
      }
      const written = Buffer.from(chunks.join('')).toString('latin1')
      expect(written.startsWith(read)).toBe(true)
      if (hasEnded) expect(read).toBe(written)
      if (isWhole(fates)) expect([hasEnded, error]).toEqual([true, undefined])
      else expect(hasEnded || error !== undefined || isStuckForWant(fates)).toBe(true)
      near.stream.destroy()
      far.stream.destroy()
    }),
  )
})

/** All that this end sends may be dropped: then only the heartbeat ends the stream. */
function isStuckForWant(fates: readonly string[]): boolean {
  return !fates.includes('deliver') && !fates.includes('repeat')
}
