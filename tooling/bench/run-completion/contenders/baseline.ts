import type {Contender} from '../contender.ts'

/** The least that any scanner must do: finds every escape character, and does nothing with it. */
export const baseline: Contender = {
  start() {
    const out = {bytes: 0, ends: 0}
    return {
      ingest(chunk) {
        const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        for (let at = bytes.indexOf(0x1b); at !== -1; at = bytes.indexOf(0x1b, at + 1));
        out.bytes += bytes.length
      },
      sentinel: undefined,
      out,
    }
  },
}
