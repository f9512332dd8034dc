/** The key that opens what was folded, as people call it. Readline has no use for it, and every terminal sends it. */
export const openKey = 'Ctrl-]'
