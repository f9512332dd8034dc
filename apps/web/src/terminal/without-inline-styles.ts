/*
 * xterm writes its colours into `<style>` elements, and true colours into `style` attributes. The page's Content-Security-Policy
 * forbids both (`style-src 'self'`), but neither constructed style sheets nor the properties of `element.style`.
 */

/**
 * Calls `open`, which opens a terminal of xterm: the `<style>` elements that xterm makes meanwhile, and it makes none
 * later, become style sheets of the page. Returns a function that removes them.
 */
export function openWithoutInlineStyles(page: Document, open: () => void): () => void {
  const sheets: CSSStyleSheet[] = []
  const createElement = (name: string): HTMLElement => {
    if (name !== 'style') return Document.prototype.createElement.call(page, name)
    const sheet = new CSSStyleSheet()
    sheets.push(sheet)
    // Without a style of its own: its text becomes that of the style sheet.
    const element = Document.prototype.createElement.call(page, 'template')
    const set = (text: string) => {
      sheet.replaceSync(text)
    }
    return Object.defineProperty(element, 'textContent', {set})
  }
  Object.defineProperty(page, 'createElement', {value: createElement, configurable: true})
  try {
    open()
  } finally {
    Reflect.deleteProperty(page, 'createElement')
  }
  page.adoptedStyleSheets.push(...sheets)
  return () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet))
  }
}

/** The true colours of a row are attributes of `<span>` elements, which xterm makes whenever it draws. */
HTMLSpanElement.prototype.setAttribute = function setAttributeOfSpan(name: string, value: string) {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}
