import type {IncomingHttpHeaders} from 'node:http'

/** Browsers keep no cookie for longer, ms: 400 days. */
const maxCookieMs = 400 * 86_400_000

/**
 * The name of the cookie. Browsers send a cookie to all ports of a host: with its port in the name, that of one server does not replace
 * that of another, as behind ssh tunnels.
 */
function cookieName(host: string, isSecure: boolean): string {
  const port = /:(\d+)$/.exec(host)?.[1]
  // Browsers take a name with this prefix only from the host itself, over TLS.
  return `${isSecure ? '__Host-' : ''}holdfast${port === undefined ? '' : `-${port}`}`
}

/** The value of the cookie of a device. */
export function readCookie({host = '', cookie = ''}: IncomingHttpHeaders, isSecure: boolean): string | undefined {
  const start = `${cookieName(host, isSecure)}=`
  return cookie
    .split(/; */)
    .find((one) => one.startsWith(start))
    ?.slice(start.length)
}

/** A Set-Cookie header; an empty value and no time remove the cookie. */
export function writeCookie(host: string, isSecure: boolean, value: string, lifetimeMs: number): string {
  const maxAge = Math.floor(Math.min(lifetimeMs, maxCookieMs) / 1000)
  const attributes = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return `${cookieName(host, isSecure)}=${value}; ${attributes}`
}
