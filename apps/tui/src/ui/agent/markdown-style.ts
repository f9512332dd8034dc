import type {MarkdownStyle} from '@holdfast/markdown'
import type {ColorDepth} from '@holdfast/terminal'

import type {Paint} from '../../theme/paint.ts'
import type {Token} from '../../theme/theme.ts'

/** How an answer of a coding agent is drawn by the theme that is chosen when it is drawn. Pure. */
export function markdownStyle(paint: () => Paint, depth: ColorDepth): MarkdownStyle {
  // Without colours, the marks of the text tell its parts apart.
  if (depth === 1) return {}
  const by = (token: Token) => (text: string) => paint()(token, text)
  const attribute = (begin: number, end: number) => (text: string) => `\u001b[${begin}m${text}\u001b[${end}m`
  return {
    heading: by('heading'),
    strong: by('strong'),
    emphasis: attribute(3, 23),
    strikethrough: attribute(9, 29),
    code: by('code'),
    link: by('link'),
    address: by('muted'),
    marker: by('muted'),
    quote: by('rule'),
    rule: by('rule'),
    comment: by('muted'),
    keyword: by('keyword'),
    string: by('string'),
    number: by('code'),
    type: by('code'),
    definition: by('accent'),
    meta: by('muted'),
    inserted: by('added'),
    deleted: by('removed'),
  }
}
