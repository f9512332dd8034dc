/** Longer addresses are not links: terminals limit them to about this. */
const maxUrlLength = 2048

const allowed: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'file:'])

/** An address that may be opened, in ASCII without blanks and control characters; `undefined` for any other. */
export function linkTarget(address: string): string | undefined {
  const url = URL.parse(address)
  if (url === null || !allowed.has(url.protocol) || url.href.length > maxUrlLength) return undefined
  return /^[!-~]+$/.test(url.href) ? url.href : undefined
}

/** An address with a scheme or `www.`, of mail, or of a domain with a usual ending: `a.ts` is a file. */
const addressInText =
  /(?:[a-z][a-z\d+.-]*:\/\/|www\.)[^\s`*]+|[^\s:@`*]+@[^\s@`*]+\.[a-z]{2,}|[a-z\d.-]+\.(?:com|org|net|io|dev|app|gov|edu|ai)\b(?:[/:?#][^\s`*]*)?/i

/** Whether the text of a link has an address other than its own, which must not hide behind that one. Pure. */
export function claimsAddress(text: string, href: string): boolean {
  const [claimed] = addressInText.exec(text) ?? []
  return claimed !== undefined && withoutScheme(claimed) !== withoutScheme(href)
}

function withoutScheme(address: string): string {
  const url = URL.parse(address) ?? URL.parse(`https://${address}`)
  return (url?.href ?? address).replace(/^[a-z]+:\/*/i, '').replace(/\/$/, '')
}
