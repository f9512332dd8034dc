import type {Home} from './home.ts'

/** An event as `--json` prints it; of its payload, what the tests ask about. */
export interface PrintedEvent {
  seq: number
  type: string
  payload: {text?: string; status?: string}
}

/** What `holdfast show --json` prints of a session. */
export async function eventsOf(home: Home, id: string, ...options: string[]): Promise<PrintedEvent[]> {
  return parseEvents((await home.holdfast(['show', id, '--json', ...options])).stdout)
}

/** One event a line. */
export function parseEvents(lines: string): PrintedEvent[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PrintedEvent)
}
