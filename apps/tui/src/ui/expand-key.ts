/** The key that opens what was folded, by its name. Readline has no use for it, and every terminal sends it. */
export const expandKeyName = 'ctrl-]'

/** The same, as people call it. */
export const expandKey = 'Ctrl-]'
