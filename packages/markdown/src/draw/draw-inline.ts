import type {MarkedToken, Token} from 'marked'

import type {MarkdownStyle, Style} from '../style.ts'
import {claimsAddress, linkTarget} from './link.ts'
import {plainText} from './plain-text.ts'
import {lineBreak, type Span} from './spans.ts'

export interface InlineOptions {
  style: MarkdownStyle
  /** Links are OSC 8 sequences. */
  hyperlinks: boolean
}

/** The text of a paragraph, a heading or a cell. */
export function inlineSpans(tokens: readonly Token[], options: InlineOptions): (Span | typeof lineBreak)[] {
  return spansOf(tokens, options, [], undefined)
}

function spansOf(
  tokens: readonly Token[],
  options: InlineOptions,
  styles: readonly Style[],
  url: string | undefined,
): (Span | typeof lineBreak)[] {
  const {style, hyperlinks} = options
  /** What has no style keeps its marks, so that it is told apart. */
  const marked = (children: readonly Token[], added: Style | undefined, mark: string) => {
    if (added !== undefined) return inside(children, added)
    const sign = {text: mark, styles, url}
    return [sign, ...inside(children, undefined), sign]
  }
  const inside = (children: readonly Token[], added: Style | undefined, target = url) =>
    spansOf(children, options, added === undefined ? styles : [added, ...styles], target)
  return (tokens as readonly MarkedToken[]).flatMap((token): (Span | typeof lineBreak)[] => {
    switch (token.type) {
      case 'strong':
        return marked(token.tokens, style.strong, '**')
      case 'em':
        return marked(token.tokens, style.emphasis, '*')
      case 'del':
        return marked(token.tokens, style.strikethrough, '~~')
      case 'codespan': {
        if (style.code === undefined) return [{text: `\`${token.text}\``, styles, url, isExact: true}]
        return [{text: token.text, styles: [style.code, ...styles], url, isExact: true}]
      }
      case 'br':
        return [lineBreak]
      case 'link':
      case 'image': {
        const text = inside(token.tokens, style.link, hyperlinks ? (linkTarget(token.href) ?? url) : url)
        const isShown = token.href === '' || token.text === token.href || `mailto:${token.text}` === token.href
        const isHidden = hyperlinks && linkTarget(token.href) !== undefined && !claimsAddress(textOf(text), token.href)
        if (isShown || isHidden) return text
        const address = style.address === undefined ? styles : [style.address, ...styles]
        return [...text, {text: ` (${plainText(token.href)})`, styles: address}]
      }
      case 'checkbox':
        return []
      case 'text':
        if (token.tokens !== undefined) return inside(token.tokens, undefined)
        return [{text: plainText(token.text), styles, url}]
      case 'escape':
        return [{text: token.text, styles, url}]
      default:
        // HTML is text.
        return [{text: token.raw, styles, url}]
    }
  })
}

function textOf(spans: readonly (Span | typeof lineBreak)[]): string {
  return spans.map((span) => (span === lineBreak ? ' ' : span.text)).join('')
}
