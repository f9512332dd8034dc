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

/** Matches the postamble of the sentinel, as bash matches the lines that it keeps out of its history. */
const POSTAMBLE = String.raw`?eval "printf '?033_*;%s?033?134' $?;(exit $?)"`

/** The environment of a shell after whose commands a postamble is typed: bash does not keep that in its history. */
export function sentinelEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Record<string, string> {
  const {HISTIGNORE} = env
  return {...shellEnvironment(env, cwd), HISTIGNORE: HISTIGNORE ? `${HISTIGNORE}:${POSTAMBLE}` : POSTAMBLE}
}
