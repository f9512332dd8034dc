import {closeSync, openSync, readSync} from 'node:fs'

/**
 * Random bytes of the system, from the file in which it offers them. Node's own ways to them load all of its cryptography
 * first, a tenth of the start of a command. Where there is no such file, or it gives too little, Web Crypto gives them.
 */
export function systemRandom(count: number, file = '/dev/urandom'): Uint8Array {
  return readBytes(file, count) ?? crypto.getRandomValues(new Uint8Array(count))
}

/** `undefined` where the file is not there, or gives too little. */
function readBytes(file: string, count: number): Uint8Array | undefined {
  try {
    const random = openSync(file, 'r')
    try {
      const bytes = new Uint8Array(count)
      return readSync(random, bytes) === count ? bytes : undefined
    } finally {
      closeSync(random)
    }
  } catch {
    return undefined
  }
}
