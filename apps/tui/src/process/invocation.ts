/** Set by `npm start` in a clone to the command that the user typed. */
export const startedAsVariable = 'HOLDFAST_STARTED_AS'

const startedAs = process.env[startedAsVariable]

/** The command line that the user would type for these words: `holdfast ls`, or `npm start -- ls` in a clone. */
export function invocation(words: string, by = startedAs): string {
  if (!by) return `holdfast ${words}`.trimEnd()
  return words === '' ? by : `${by} -- ${words}`
}
