/** Of the subshell in which bash discards the input that a program has left unread: it tells that from a command that reads. */
export const DISCARD_DESCRIPTOR = 97
