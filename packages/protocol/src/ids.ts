/** 32 characters that a reader does not confuse: `i`, `l`, `o` and `u` are left out. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Matches a session id. */
export const sessionIdPattern = /^[0-9a-hjkmnp-tv-z]{10}$/

/** A new session id: 10 characters, 50 random bits. It is short because the path of a socket, 104 bytes at most, contains it. */
export function createSessionId(): string {
  return Array.from(randomBytes(10), (byte) => alphabet[byte % alphabet.length]).join('')
}

/**
 * A new prompt id: 128 random bits. The sender makes the id, so that it can send the prompt again when it does not know
 * whether the first one arrived.
 */
export function createPromptId(): string {
  return Array.from(randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The id of the prompt that is the one program of a session: see `session.create`. */
export const programPromptId = 'program'

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}
