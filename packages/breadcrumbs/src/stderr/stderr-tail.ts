import {StringDecoder} from 'node:string_decoder'

import {findErrorLines} from './find-error-lines.ts'
import {findSecrets, type FoundSecret, maskBetween, maxWordLength} from './find-secrets.ts'

/** The end of what a process wrote to its stderr. What looks like a secret is masked. */
export interface StderrTail {
  push(bytes: Uint8Array): void
  /** The last 4096 characters. */
  text(): string
  /** The last 3 lines at most of why it ended, oldest first; the last one is the error itself. */
  errorLines(): string[]
}

const maxLength = 4096

/** How much of the text is kept as it was written, to find secrets in: some words of the greatest length, or a private key. */
const maxUnmasked = 4 * maxWordLength

/**
 * Keeps the end of a stream of UTF-8, which may be cut anywhere, also in a character. A text is masked before it is cut: a
 * secret is not recognized by its second half.
 */
export function createStderrTail(): StderrTail {
  const decoder = new StringDecoder('utf8')
  let masked = ''
  let unmasked = ''

  /** Masks the part of the text in which nothing that is still to come can make a secret. */
  function maskOldest(): void {
    const secrets = findSecrets(unmasked)
    const cut = placeToCut(unmasked, secrets)
    masked = endOf(masked + maskBetween(unmasked, secrets, 0, cut), maxLength)
    unmasked = cut > 0 ? unmasked.slice(cut) : shorten(unmasked, secrets)
  }

  const text = () => {
    const secrets = findSecrets(unmasked)
    return endOf(masked + maskBetween(unmasked, secrets, 0, unmasked.length), maxLength)
  }
  return {
    push(bytes) {
      // In parts, so that a large chunk costs no more memory than a small one.
      for (let at = 0; at < bytes.length; at += maxUnmasked) {
        unmasked += decoder.write(bytes.subarray(at, at + maxUnmasked))
        while (unmasked.length > maxUnmasked) maskOldest()
      }
    },
    text,
    errorLines: () => findErrorLines(text()),
  }
}

/** The last place that has `maxWordLength` characters behind it and is in no secret; 0 if there is none. */
function placeToCut(text: string, secrets: readonly FoundSecret[]): number {
  let cut = text.length - maxWordLength
  // From the last to the first, as a cut before one may be in another.
  for (const {leadStart, end} of secrets.toReversed()) if (leadStart < cut && cut < end) cut = leadStart
  if (cut > 0) return cut
  const endOfFirst = secrets.reduce((at, {leadStart, end}) => (leadStart <= at ? Math.max(at, end) : at), 0)
  return endOfFirst < text.length ? endOfFirst : 0
}

/** Takes the middle out of the secrets that have no end yet. Their beginnings, by which they are recognized, stay. */
function shorten(text: string, secrets: readonly FoundSecret[]): string {
  const open = secrets.filter(({end}) => end === text.length)
  const leads = open.map(({leadStart, start}) => text.slice(leadStart, start))
  return leads.join('') + endOf(text, maxWordLength)
}

/** The last characters of a text, without half of one. */
function endOf(text: string, length: number): string {
  const end = text.slice(-length)
  return /^[\uDC00-\uDFFF]/.test(end) ? end.slice(1) : end
}
