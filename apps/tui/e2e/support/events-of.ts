import type {Home} from './home.ts'

/** An event as `--json` prints it, with the part of its payload that the tests use. */
export interface PrintedEvent {
  seq: number
  type: string
  payload: {text?: string; status?: string}
}

/** The events that `holdfast show --json` prints. */
export async function eventsOf(home: Home, id: string, ...options: string[]): Promise<PrintedEvent[]> {
  return parseEvents((await home.holdfast(['show', id, '--json', ...options])).stdout)
}

/** Parses NDJSON. */
export function parseEvents(lines: string): PrintedEvent[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PrintedEvent)
}
