/** What starts this program in a clone sets it: how a person starts it there. */
export const startedAsVariable = 'HOLDFAST_STARTED_AS'

const startedAs = process.env[startedAsVariable]

/** How a person who started this program as it was started types it with these words: `holdfast ls`, `npm start -- ls`. */
export function typed(words: string, by = startedAs): string {
  if (!by) return `holdfast ${words}`.trimEnd()
  return words === '' ? by : `${by} -- ${words}`
}
