/** The badges of what waits for the user, by `waits_for` of a summary. */
const badges: Readonly<Record<string, string>> = {
  answer: 'ALLOW?',
  password: 'PASSWORD',
  input: 'WAITING',
  agent: 'NO AGENT',
  queue: 'HELD',
}

/** The badge of what waits, at most 8 cells, without the space around it; a newer gateway may know more kinds. Pure. */
export function waitingBadge(waitsFor: string): string {
  return badges[waitsFor] ?? 'WAITING'
}
