/**
 * Keeps the page within what the user sees of it, also while an on-screen keyboard covers a part of the window: sets the custom
 * properties `--visible-top` and `--visible-height`.
 */
export function followVisibleArea(): void {
  const viewport = window.visualViewport
  if (viewport === null) return
  const {style} = document.documentElement
  const follow = () => {
    // Zoomed in by the user, it stays as it is.
    if (viewport.scale !== 1) return
    style.setProperty('--visible-top', `${viewport.offsetTop}px`)
    style.setProperty('--visible-height', `${viewport.height}px`)
  }
  follow()
  viewport.addEventListener('resize', follow)
  viewport.addEventListener('scroll', follow)
}
