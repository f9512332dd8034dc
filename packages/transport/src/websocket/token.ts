import {createHash, timingSafeEqual} from 'node:crypto'

/** Refuses a token that a header cannot carry, without showing it. */
export function assertToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return
  throw new TypeError('Expected `token` to be printable ASCII without spaces, got something else')
}

/** The value of the Authorization header. */
export function authorizationOf(token: string): string {
  return `Bearer ${token}`
}

/** Whether this header carries the token. Takes the same time whatever it carries. */
export function isAuthorized(header: string | undefined, token: string): boolean {
  // Digests, because they have one length.
  return timingSafeEqual(digest(header ?? ''), digest(authorizationOf(token)))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
