/** Changes the theme of the screen. A theme is named as in the setting `theme`. */
export interface ThemeSwitch {
  /** Ours, and the file of the settings. */
  readonly names: readonly string[]
  /** That of the settings. */
  readonly current: string
  /** Draws what follows in a theme, until `restore` or `keep`. */
  preview(name: string): void
  restore(): void
  /** Puts the theme into the settings. Returns what is wrong with it; then nothing has changed. Throws a `UserError` if the file cannot be written. */
  keep(name: string): string | undefined
}
