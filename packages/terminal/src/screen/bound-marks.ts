import type {IUnicodeVersionProvider} from '@xterm/headless'

/** More marks on one character are text that no language has; xterm.js would keep any number of them in a cell. */
const maxMarks = 8

/**
 * A Unicode version that combines at most 8 marks with a character; the next one gets a cell of its own. So the cells of a
 * terminal have a largest size.
 */
export function boundMarks(version: IUnicodeVersionProvider): IUnicodeVersionProvider {
  return {
    version: `${version.version}-bounded`,
    wcwidth: (codepoint) => version.wcwidth(codepoint),
    charProperties(codepoint, preceding) {
      const properties = version.charProperties(codepoint, preceding)
      const isJoined = (properties & 1) === 1
      if (!isJoined) return properties
      // The upper bits are the version's own; Unicode 11 does not use them.
      const marks = (preceding >> 3) + 1
      return marks > maxMarks ? oneCell : (marks << 3) | (properties & 0b111)
    },
  }
}

/** Width 1, not joined with the character before. */
const oneCell = 1 << 1
