/** A name for this device that tells it from others: `iPhone`, `Firefox on Linux`. Pure. */
export function deviceNameOf(userAgent: string): string {
  const phone = phones.find(([, pattern]) => pattern.test(userAgent))
  if (phone !== undefined) return phone[0]
  const browser = browsers.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'Browser'
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  return system === undefined ? browser : `${browser} on ${system}`
}

type Known = readonly [name: string, pattern: RegExp]

const phones: readonly Known[] = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android phone', /Android.*Mobile/],
  ['Android tablet', /Android/],
]

/** Chrome calls itself Safari, too, and Edge both. */
const browsers: readonly Known[] = [
  ['Edge', /Edg\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrom(?:e|ium)\//],
  ['Safari', /Safari\//],
]

const systems: readonly Known[] = [
  ['Windows', /Windows/],
  ['Mac', /Macintosh/],
  ['Chromebook', /CrOS/],
  ['Linux', /Linux/],
]
