/** Set by `npm start` in a clone to the command that the user typed. */
export const startedAsVariable = 'HOLDFAST_STARTED_AS'

const startedAs = process.env[startedAsVariable]

/** The command line that the user would type for these arguments: `holdfast ls`, or `npm start -- ls` in a clone. */
export function invocation(args: string, by = startedAs): string {
  if (!by) return `holdfast ${args}`.trimEnd()
  return args === '' ? by : `${by} -- ${args}`
}
