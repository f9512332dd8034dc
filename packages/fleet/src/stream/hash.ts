import {createHash} from 'node:crypto'

/** A whole number of 48 bits, the same on every machine. */
export function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}
