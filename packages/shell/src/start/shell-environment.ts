/** Variables that describe the terminal of this process, not the shell's own. */
const TERMINAL_VARIABLES = [
  'COLUMNS',
  'LINES',
  'STY',
  'TERMCAP',
  'TERM_PROGRAM',
  'TERM_PROGRAM_VERSION',
  'TMUX',
  'TMUX_PANE',
  'WINDOW',
  'WINDOWID',
]

export function shellEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !TERMINAL_VARIABLES.includes(entry[0]),
  )
  return {...Object.fromEntries(kept), TERM: 'xterm-256color', PWD: cwd}
}
