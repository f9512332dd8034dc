/** On a touch screen, a field that gets the focus by itself opens a keyboard, which covers what the user has not seen yet. */
export function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches
}

/** Gives the focus to where the user types into the session that is shown: its composer, or its terminal. Not on a touch screen. */
export function focusForTyping(): void {
  if (isTouch()) return
  const place = document.querySelector<HTMLElement>('[data-shortcut="compose"], .xterm-helper-textarea')
  place?.focus({preventScroll: true})
}
