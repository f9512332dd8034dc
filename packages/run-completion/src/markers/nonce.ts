import {randomHex} from '../random-hex.ts'

const NONCE = /^[0-9a-f]{32}$/

/** Creates the secret of one shell's markers: 32 hex digits. A program cannot guess it, so it cannot print a marker. */
export function createNonce(): string {
  return randomHex(16)
}

/** Returns the nonce itself. It becomes part of a shell script, so nothing but hex digits may pass. */
export function parseNonce(nonce: string): string {
  if (!NONCE.test(nonce)) throw new TypeError(`Expected \`nonce\` to be 32 hex digits, got \`${nonce}\``)
  return nonce
}
