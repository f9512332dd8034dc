import {createHash, timingSafeEqual} from 'node:crypto'

/** Throws for a token that does not fit into a header, without showing it. */
export function assertToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return
  throw new TypeError('Expected `token` to be printable ASCII without spaces, got something else')
}

/** The value of the Authorization header. */
export function authorizationOf(token: string): string {
  return `Bearer ${token}`
}

/** Whether an Authorization header carries the token. Takes the same time for any header. */
export function isAuthorized(header: string | undefined, token: string): boolean {
  // Digests, as `timingSafeEqual` needs equal lengths.
  return timingSafeEqual(digest(header ?? ''), digest(authorizationOf(token)))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
