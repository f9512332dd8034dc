/**
 * In any of the shells: a quote, a bracket, a backslash, a second line, a here-document, an operator at the end, or a word that
 * asks for more.
 */
const doubtful =
  /['"`\\()[\]{}\n]|<<|(?:&&|\||\|&)\s*$|(?:^|[\s;&|])(?:if|then|else|elif|for|foreach|while|until|do|case|select|repeat|function|coproc|time|switch|begin|not|and|or|!)(?=[\s;&|]|$)/

/**
 * Whether a text may be an unfinished command: only then `prompt.check` says more. A cheap look for the many short commands
 * that are complete in every shell, whatever its options.
 */
export function mayBeIncomplete(text: string): boolean {
  return doubtful.test(text)
}
