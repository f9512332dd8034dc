/* oxlint-disable no-control-regex -- control sequences are what this file is about */
const [pasteStart, pasteEnd] = ['\u001b[200~', '\u001b[201~']
/** What would end a bracketed paste: ESC or the C1 character, and the rest of the mark. */
const endInText = /\u001b(?=\[201~)|\u009b(?=201~)/g

/**
 * What a terminal sends for a pasted text: Enter for each line end; with `isBracketed`, which a program asks for by mode 2004, between the
 * marks of bracketed paste. An end mark in the text is not sent as one, as what follows it would be taken for keys. Pure.
 */
export function encodePaste(text: string, {isBracketed}: {isBracketed: boolean}): string {
  const typed = text.replace(/\r?\n/g, '\r')
  return isBracketed ? pasteStart + typed.replace(endInText, '␛') + pasteEnd : typed
}
