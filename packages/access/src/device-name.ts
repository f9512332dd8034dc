const maxLength = 40
/** What a log calls others that act: a client with the access token, the user of the machine, and a policy of theirs. */
const reserved = ['token', 'user', 'policy']

/** A name to show in a terminal: without control, format and bidirectional characters, one line of 40 at most. */
export function cleanName(name: string): string {
  const plain = name
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
  return Array.from(plain).slice(0, maxLength).join('').trim() || 'device'
}

/** The name, with a number behind it if it is taken: `phone`, `phone 2`. Case does not make names differ. */
export function freeName(name: string, taken: readonly string[]): string {
  const isTaken = new Set([...reserved, ...taken].map((one) => one.toLowerCase()))
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : `${name} ${number}`
    if (!isTaken.has(numbered.toLowerCase())) return numbered
  }
}
