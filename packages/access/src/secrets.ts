import {createHash, randomBytes} from 'node:crypto'

/** Crockford's base 32: 32 characters, so that a random byte picks each of them equally often; without I, L, O and U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codePattern = /^[0-9A-HJKMNP-TV-Z]{8}$/
const tokenBytes = 32

/** A one-time code to type, such as `K7QD-2M9X`: 40 random bits. */
export function createCode(): string {
  const characters = Array.from(randomBytes(8), (byte) => alphabet[byte % alphabet.length]).join('')
  return `${characters.slice(0, 4)}-${characters.slice(4)}`
}

/** A code as somebody typed it, without its hyphen and in capitals. `undefined` if it cannot be a code. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return codePattern.test(code) ? code : undefined
}

/** 256 random bits, in characters that a cookie may have. */
export function createToken(): string {
  return randomBytes(tokenBytes).toString('base64url')
}

/**
 * What is stored in place of a secret. A slow hash is for passwords, which can be guessed; nobody guesses 256 random bits. A code has
 * only 40, but is void after minutes, and whoever reads the file can write it, too.
 *
 * Secrets are looked up by their digests. The time of that tells nothing: to learn a digest byte by byte, somebody would have to
 * choose secrets by their digests.
 */
export function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
