import {shorten} from './shorten.ts'

/** The length of the name of a client, UTF-16 units. */
const maxName = 20

/** The name of a client, which came from another machine, as it is shown. Pure. */
export function shownName(name: string): string {
  return shorten(name, maxName)
}

/** Who did something, behind a text that says what: ` from phone`; empty for the user of the machine. Pure. */
export function from({by}: {by?: string | undefined}): string {
  return by === undefined ? '' : ` from ${shownName(by)}`
}
