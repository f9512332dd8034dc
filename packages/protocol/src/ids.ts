/** 32 characters that are not mistaken for each other when read aloud or typed: no `i`, `l`, `o`, `u`. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const idLength = 10

/** What a session id looks like. Short, because a socket's path holds it and may have 104 bytes only. */
export const sessionIdPattern = /^[0-9a-hjkmnp-tv-z]{10}$/

/** Gives so many random bytes. */
export type RandomSource = (count: number) => Uint8Array

export interface IdOptions {
  /** @default Web Crypto */
  random?: RandomSource
}

/** A new session id: 50 random bits. */
export function createSessionId({random = webCrypto}: IdOptions = {}): string {
  return Array.from(random(idLength), (byte) => alphabet[byte & 31]).join('')
}

/** A new prompt id: 128 random bits. Made by the sender, so that sending again is harmless. */
export function createPromptId({random = webCrypto}: IdOptions = {}): string {
  return Array.from(random(16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function webCrypto(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}
