import {toJsonLine} from '@holdfast/terminal'

export interface CastHeader {
  title: string
  cols: number
  rows: number
  /** When the recording begins, epoch ms. @default left out */
  startedAt?: number
}

/** A piece of what a terminal gets, a new size of it as `80x24`, or a marker for the player. */
export interface CastEvent {
  /** Seconds from the start. */
  at: number
  kind: 'output' | 'resize' | 'marker'
  text: string
}

/** Players cut a longer pause, seconds: a session may wait for a prompt for days. */
const longestPause = 2

const codes = {output: 'o', resize: 'r', marker: 'm'} as const

/** The first line of a recording in the asciicast format, version 2 (https://docs.asciinema.org/manual/asciicast/v2/). Pure. */
export function formatCastHeader({title, cols, rows, startedAt}: CastHeader): string {
  return toLine({
    version: 2,
    width: cols,
    height: rows,
    ...(startedAt !== undefined && {timestamp: Math.floor(startedAt / 1000)}),
    idle_time_limit: longestPause,
    title,
    env: {TERM: 'xterm-256color'},
  })
}

/** The line of one event. Pure. */
export function formatCastEvent({at, kind, text}: CastEvent): string {
  return toLine([Math.round(at * 1000) / 1000, codes[kind], text])
}

function toLine(value: object): string {
  return `${toJsonLine(value)}\n`
}
