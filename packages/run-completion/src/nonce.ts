import {randomBytes} from 'node:crypto'

const NONCE = /^[0-9a-f]{32}$/

/** The secret of one shell's marks: 32 hex digits. A program cannot guess it, so it cannot print a mark. */
export function createNonce(): string {
  return randomBytes(16).toString('hex')
}

/** The nonce itself. It becomes part of a shell's program text, so nothing but hex digits may pass. */
export function parseNonce(nonce: string): string {
  if (!NONCE.test(nonce)) throw new TypeError(`Expected \`nonce\` to be 32 hex digits, got \`${nonce}\``)
  return nonce
}
