/** The key that prints collapsed output. Readline does not use it, and every terminal sends it. */
export const expandKeyName = 'ctrl-]'

/** The same key in texts. */
export const expandKey = 'Ctrl-]'
