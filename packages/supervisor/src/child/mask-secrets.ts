const mask = '***'

const rules: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  // The user, query and fragment of a URL.
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#"'<>@]+@/gi, `$1${mask}@`],
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, `$1?${mask}`],
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:[a-z]+ +)?[^\s"',;]+/gi, `$1${mask}`],
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, `$1 ${mask}`],
  // `NAME=value`, `"name": "value"` and `--name value`, by the name.
  [
    /((?:api|access|private|secret)[_-]?key|token|secret|passw(?:or)?d|passphrase|credentials?)(["']? *[:=] *)("[^"]*"|'[^']*'|[^\s"',;&]+)/gi,
    `$1$2${mask}`,
  ],
  [/(--[\w-]*(?:key|token|secret|passw(?:or)?d) +)[^\s-][^\s]*/gi, `$1${mask}`],
  // Tokens with the prefix of their issuer.
  [/\b(?:sk|pk|rk)[-_][\w-]{16,}/g, mask],
  [/\b(?:gh[opsu]_|github_pat_|glpat-|npm_|xox[abprs]-|hf_)[\w-]{10,}/g, mask],
  [/\bAKIA[\dA-Z]{16}\b|\bAIza[\w-]{30,}/g, mask],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, mask],
]

/**
 * Masks text that looks like a secret: passwords and queries in URLs, values whose name says so, authorization headers, private
 * keys, tokens with a known prefix. A secret that looks like any other word is not found.
 */
export function maskSecrets(text: string): string {
  return rules.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text)
}
