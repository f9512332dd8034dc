const MASK = '***'

const rules: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  // User, query and fragment of an address.
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#"'<>@]+@/gi, `$1${MASK}@`],
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, `$1?${MASK}`],
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:[a-z]+ +)?[^\s"',;]+/gi, `$1${MASK}`],
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  // `NAME=value`, `"name": "value"`, `--name value` where the name says what it is.
  [
    /((?:api|access|private|secret)[_-]?key|token|secret|passw(?:or)?d|passphrase|credentials?)(["']? *[:=] *)("[^"]*"|'[^']*'|[^\s"',;&]+)/gi,
    `$1$2${MASK}`,
  ],
  [/(--[\w-]*(?:key|token|secret|passw(?:or)?d) +)[^\s-][^\s]*/gi, `$1${MASK}`],
  // What bears its issuer's mark.
  [/\b(?:sk|pk|rk)[-_][\w-]{16,}/g, MASK],
  [/\b(?:gh[opsu]_|github_pat_|glpat-|npm_|xox[abprs]-|hf_)[\w-]{10,}/g, MASK],
  [/\bAKIA[\dA-Z]{16}\b|\bAIza[\w-]{30,}/g, MASK],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, MASK],
]

/**
 * Masks what looks like a secret: passwords and queries in addresses, values whose name says so, authorization headers,
 * private keys, tokens that bear their issuer's mark. A secret that looks like any other word is not found.
 */
export function maskSecrets(text: string): string {
  return rules.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text)
}
