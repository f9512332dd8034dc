/** Longer addresses are not links: terminals limit them to about this. */
const maxUrlLength = 2048

const allowed: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'file:'])

/** An address that may be opened, in ASCII without blanks and control characters; `undefined` for any other. */
export function linkTarget(address: string): string | undefined {
  const url = URL.parse(address)
  if (url === null || !allowed.has(url.protocol) || url.href.length > maxUrlLength) return undefined
  return /^[!-~]+$/.test(url.href) ? url.href : undefined
}
