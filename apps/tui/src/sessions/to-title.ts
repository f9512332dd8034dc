/** The protocol refuses longer titles, UTF-16 units; the host keeps the first 80 characters. */
const maxLength = 200

/** Cuts a text to the length of a title. */
export function toTitle(text: string): string {
  return text.slice(0, maxLength)
}
