/** What the title of the page says: how many sessions wait for the user, and what is shown. */
const parts: {shown: string | undefined; waiting: number} = {shown: undefined, waiting: 0}

/** `undefined`: no session. */
export function titleShown(shown: string | undefined): void {
  parts.shown = shown
  document.title = pageTitle(parts)
}

export function titleWaiting(waiting: number): void {
  parts.waiting = waiting
  document.title = pageTitle(parts)
}

/** Pure. */
export function pageTitle({shown, waiting}: typeof parts): string {
  return `${waiting === 0 ? '' : `(${waiting}) `}${shown === undefined ? '' : `${shown} · `}Holdfast`
}
