/** The same value with each text in it changed. */
export function mapText(value: unknown, change: (text: string) => string): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each: unknown) => (typeof each === 'string' ? change(each) : each))
}
