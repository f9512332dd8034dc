/** ` · Ctrl-] shows them`; empty if no key does. Pure. */
export function describeExpansion(key: string | undefined, what: 'it' | 'them'): string {
  return key === undefined ? '' : ` · ${key} shows ${what}`
}
