/** Open only in the subshell in which our hook for bash discards unread input: so the host does not take its read for that of a command. */
export const DISCARD_DESCRIPTOR = 97
