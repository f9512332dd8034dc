/** Hides from a grammar of JavaScript what it misreads in JSX: template literals, and the `/` of tags, which would begin a pattern. */
export interface TemplateLiterals {
  /** A line of the same length, in which literals that begin and end in it are strings. */
  hide(line: string): string
  /** The line ended within a literal. */
  readonly isOpen: boolean
  fork(): TemplateLiterals
}

const literals = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|`/g
const endOfTag = /<\/(?=[\w>])| \/>/g
const rest = /^(?:\\.|[^`\\])*`/

export function createTemplateLiterals(isOpenAtFirst = false): TemplateLiterals {
  let isOpen = isOpenAtFirst
  return {
    hide(line) {
      const inside = isOpen ? rest.exec(line)?.[0] : ''
      if (inside === undefined) return line
      isOpen = false
      const hidden = line.slice(inside.length).replace(literals, (literal) => {
        if (literal === '`') isOpen = true
        return literal.length > 1 && literal.startsWith('`') ? `"${'_'.repeat(literal.length - 2)}"` : literal
      })
      return inside + hidden.replace(endOfTag, (tag) => tag.replace('/', '_'))
    },
    get isOpen() {
      return isOpen
    },
    fork: () => createTemplateLiterals(isOpen),
  }
}
