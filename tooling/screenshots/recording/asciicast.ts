/** A piece of what a terminal got, or a marker for the player, and when: in seconds from the start. */
export interface CastEvent {
  at: number
  kind: 'output' | 'marker'
  text: string
}

export interface Cast {
  title: string
  cols: number
  rows: number
  events: readonly CastEvent[]
}

const codes = {output: 'o', marker: 'm'} as const

/**
 * Writes a recording in the asciicast format, version 2 (https://docs.asciinema.org/manual/asciicast/v2/). A pause of more than
 * `longestPause`, seconds, is cut to that. Pure.
 */
export function formatAsciicast({title, cols, rows, events}: Cast, longestPause: number): string {
  let [shift, last] = [0, 0]
  const lines = events.map(({at, kind, text}) => {
    shift += Math.max(0, at - last - longestPause)
    last = at
    return [Math.round((at - shift) * 1000) / 1000, codes[kind], text]
  })
  const header = {version: 2, width: cols, height: rows, title, env: {TERM: 'xterm-256color', SHELL: '/bin/bash'}}
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}
