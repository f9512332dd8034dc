export type ShortcutName = 'search' | 'new' | 'next' | 'previous' | 'compose' | 'attach' | 'keys'

export interface Shortcut {
  name: ShortcutName
  /** Its place on the keyboard, whatever letter is there. */
  code: string
  needs: 'alt' | 'ctrl'
  /** As users read it. */
  key: string
  what: string
}

export const shortcuts: readonly Shortcut[] = [
  {name: 'search', code: 'KeyK', needs: 'ctrl', key: 'Ctrl K', what: 'searches in all sessions'},
  {name: 'new', code: 'KeyN', needs: 'alt', key: 'Alt N', what: 'starts a session'},
  {name: 'next', code: 'ArrowDown', needs: 'alt', key: 'Alt ↓', what: 'opens the next session'},
  {name: 'previous', code: 'ArrowUp', needs: 'alt', key: 'Alt ↑', what: 'opens the session before'},
  {name: 'compose', code: 'KeyI', needs: 'alt', key: 'Alt I', what: 'goes to the prompt'},
  {name: 'attach', code: 'KeyT', needs: 'alt', key: 'Alt T', what: 'attaches the terminal, or goes back'},
  {name: 'keys', code: 'Slash', needs: 'alt', key: 'Alt /', what: 'shows these keys'},
]
