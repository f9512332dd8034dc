/** Words about the terminal that we run in ourselves; of the shell's own terminal they are not true. */
const OF_ANOTHER_TERMINAL = [
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

/** The environment of a shell in the folder `cwd`, made from ours. */
export function shellEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OF_ANOTHER_TERMINAL.includes(entry[0]),
  )
  return {...Object.fromEntries(kept), TERM: 'xterm-256color', PWD: cwd}
}
