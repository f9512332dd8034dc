/** What is sent for a title, in UTF-16 units: more is refused, and of this the host keeps the first 80 characters. */
const longestSent = 200

export function toTitle(text: string): string {
  return text.slice(0, longestSent)
}
