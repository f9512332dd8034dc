/** A part of a text that looks like a secret, with the words before it that it is recognized by. Indices of UTF-16. */
export interface FoundSecret {
  /** Where the words begin that it is recognized by. */
  leadStart: number
  start: number
  end: number
}

/** A longer word counts as a secret, so that a secret never has to be recognized by a word that began long before. */
export const maxWordLength = 4096

const names =
  '(?:(?:api|access|private|secret)[_-]?key|token|secret|passw(?:or)?d|passphrase|credentials?|(?:[a-z0-9][_-]|--)(?:pass|pwd))'
/** `=` or `:` after a name, which may be quoted, also inside of a quoted text. */
const is = String.raw`\\*["']?[ \t]{0,64}[:=][ \t]{0,64}`
/** The rest of a known secret: at the end of the text, it may have been written only in part. */
const rest = (least: number) => String.raw`(?:[\w-]{${least},}|[\w-]*$)`

/**
 * Each match is a secret; `lead`, where it is not empty, is how it is recognized. Whatever may be long stands in the secret,
 * so that a lead is short. A secret that is not complete at the end of the text counts, too.
 */
const rules: readonly RegExp[] = [
  /(?<lead>-----BEGIN [A-Z ]{0,64}PRIVATE KEY-----)[^]*?(?:-----END [A-Z ]{0,64}PRIVATE KEY-----|$)/g,
  // The rest of a key, in a file that is not read from its beginning.
  /(?<lead>)^(?:(?!-----BEGIN )[^])*?-----END [A-Z ]{0,64}PRIVATE KEY-----/g,
  // The user, query and fragment of a URL.
  /(?<lead>\b[a-z][a-z\d+.-]{0,30}:\/\/)(?:[^\s/?#"'<>@]+(?=@)|[^\s/?#"'<>@:]*:(?!\d{1,5}$)[^\s/?#"'<>@]*$)/gi,
  /(?<lead>\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s?#"'<>]{0,1024}[?#])[^\s"'<>]+/gi,
  new RegExp(String.raw`(?<lead>\bauthorization${is}\\*["']?)(?:[a-z]+ {1,64})?[^\s"',;]+`, 'gi'),
  /(?<lead>\b(?:bearer|basic)[ \t]{1,64})(?:[\w.~+/=-]{8,}|[\w.~+/=-]+$)/gi,
  // The cookies after the name of the first one, to the end of the line or of a quoted text.
  new RegExp(String.raw`(?<lead>\bcookie${is}\\*["']?[^\s=;"'\\]{1,256}=)[^\r\n"']+`, 'gi'),
  /(?<lead>\bcurl[ \t](?:[^\n]{0,512}?[ \t])?(?:-u|--user)[ \t=]{0,64}["']?[^\s:"']{1,64}:)(?:(?<=["'][^\s:"']{1,64}:)[^"'\n]+|[^\s"']+)/g,
  // `NAME=value`, `"name": "value"` and `--name value`, by the name.
  new RegExp(String.raw`(?<lead>${names}${is}\\+")[^"]*`, 'gi'),
  new RegExp(String.raw`(?<lead>${names}${is}")(?:[^"\\]|\\[^]?)*`, 'gi'),
  new RegExp(String.raw`(?<lead>${names}${is}')(?:[^'\\]|\\[^]?)*`, 'gi'),
  new RegExp(String.raw`(?<lead>${names}${is})[^\s"'\\,;&]+`, 'gi'),
  /(?<lead>--[\w-]{0,64}(?:key|token|secret|passw(?:or)?d|(?<=[_-])(?:pass|pwd))[ \t]{1,64})[^\s-]\S*/gi,
  // Tokens with the prefix of their issuer.
  new RegExp(String.raw`(?<lead>\b(?=[spr]k[-_]))[spr]k[-_]${rest(16)}`, 'g'),
  new RegExp(String.raw`(?<lead>\b)(?:gh[oprsu]_|github_pat_|glpat-|npm_|xox[abprs]-|hf_)${rest(10)}`, 'g'),
  /(?<lead>\b)SG\.(?:[\w-]{10,}(?:\.[\w-]*)?|[\w-]*$)/g,
  new RegExp(String.raw`(?<lead>\b)(?:A[KS]IA(?:[\dA-Z]{16}\b|[\dA-Z]*$)|AIza${rest(30)})`, 'g'),
  /(?<lead>)(?<![\w-])eyJ(?:[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|[\w-]*(?:\.[\w-]*)?$)/g,
  new RegExp(String.raw`(?<lead>)(?<!\S)\S{${maxWordLength},}`, 'g'),
]

/**
 * What looks like a secret in a text, in order: passwords and queries in URLs, values whose name says so, authorization
 * headers, cookies, the password in `curl -u user:password`, private keys, tokens with a known prefix, words too long to tell. A
 * secret that looks like any other word is not found.
 */
export function findSecrets(text: string): FoundSecret[] {
  const found = rules.flatMap((rule) => Array.from(text.matchAll(rule), toSecret))
  return found.filter(({start, end}) => end > start).toSorted((a, b) => a.leadStart - b.leadStart || a.start - b.start)
}

function toSecret(match: RegExpMatchArray): FoundSecret {
  const leadStart = match.index ?? 0
  const start = leadStart + (match.groups?.['lead']?.length ?? 0)
  return {leadStart, start, end: leadStart + match[0].length}
}

const mask = '***'

/** The text from `from` to `to`, with a mask in the place of each secret that begins there. */
export function maskBetween(text: string, secrets: readonly FoundSecret[], from: number, to: number): string {
  let masked = ''
  let at = from
  for (const {start, end} of secrets.toSorted((a, b) => a.start - b.start)) {
    if (start >= to || end <= at) continue
    // One mask for secrets that overlap: a token in the query of a URL.
    if (start >= at) masked += text.slice(at, start) + mask
    at = end
  }
  return masked + text.slice(at, Math.max(at, to))
}

export function maskSecrets(text: string): string {
  return maskBetween(text, findSecrets(text), 0, text.length)
}
