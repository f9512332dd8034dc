/** Text for SVG and HTML, also in an attribute with double quotes. What neither may contain, however it is written, becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  return text
    .toWellFormed()
    .replace(noCharacter, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

// oxlint-disable-next-line no-control-regex
const noCharacter = /[\0-\u001f\u007f-\u009f\ufffe\uffff]/g
