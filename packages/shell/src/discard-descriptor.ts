/**
 * The descriptor that marks the subshell in which our hook for bash reads and discards unread input. The host looks for it, and does not
 * report that subshell as a command that waits for input.
 */
export const DISCARD_DESCRIPTOR = 97
