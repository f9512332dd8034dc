import {closeSync, openSync, readSync} from 'node:fs'

const file = '/dev/urandom'

/**
 * Random bytes of the system, from the file in which it offers them. Node's own ways to them load all of its cryptography
 * first, a tenth of the start of a command. Where there is no such file, Web Crypto gives them.
 */
export function systemRandom(count: number): Uint8Array {
  return readBytes(count) ?? crypto.getRandomValues(new Uint8Array(count))
}

/** `undefined` where the file is not there, or gives too little. */
function readBytes(count: number): Uint8Array | undefined {
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
