/** Whether a terminal shows links (OSC 8). */
export async function hasHyperlinks(stream: NodeJS.WriteStream): Promise<boolean> {
  const {FORCE_HYPERLINK = '', STY, TERM = '', TMUX} = process.env
  // GNU screen swallows them, and passes the variables of the terminal around it on.
  const isInScreen = STY !== undefined || (TMUX === undefined && /^screen\b/.test(TERM))
  if (isInScreen && FORCE_HYPERLINK === '') return false
  const {createSupportsHyperlinks} = await import('supports-hyperlinks')
  return createSupportsHyperlinks(stream)
}
