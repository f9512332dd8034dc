import {claimsAddress, linkTarget, plainText, type Block} from '@holdfast/markdown/blocks'
import {Lexer, type MarkedToken, type Token} from 'marked'
import {memo, type ReactNode} from 'react'

/** A paragraph, a heading, a quote or a table. */
export const MarkdownText = memo(function MarkdownText({block}: {block: Block & {kind: 'text'}}) {
  const {source, isInline} = block
  if (source === '') return null
  const tokens = parse(source, isInline)
  if (tokens === undefined) return <p>{source}</p>
  return isInline ? <p>{inline(tokens)}</p> : blocksOf(tokens)
})

/** `undefined` for a text that is made to exhaust the stack of the parser, which is recursive. */
function parse(source: string, isInline: boolean): readonly Token[] | undefined {
  try {
    return isInline ? Lexer.lexInline(source, parsing) : new Lexer(parsing).lex(source)
  } catch {
    return undefined
  }
}

const parsing = {gfm: true, breaks: true}

function blocksOf(tokens: readonly Token[]): ReactNode {
  return (tokens as readonly MarkedToken[]).map((token, at) => {
    switch (token.type) {
      case 'space':
        return null
      case 'heading':
        // The page has h1 for the session: what an agent says is below it.
        return (
          <div
            key={at}
            className={`md-heading h${token.depth}`}
            role="heading"
            aria-level={Math.min(6, token.depth + 1)}
          >
            {inline(token.tokens)}
          </div>
        )
      case 'blockquote':
        return <blockquote key={at}>{blocksOf(token.tokens)}</blockquote>
      case 'list': {
        const items = token.items.map((item, index) => <li key={index}>{blocksOf(item.tokens)}</li>)
        return token.ordered ? (
          <ol key={at} className="md-plain-list" start={token.start === '' ? 1 : token.start}>
            {items}
          </ol>
        ) : (
          <ul key={at} className="md-plain-list">
            {items}
          </ul>
        )
      }
      case 'table':
        return (
          <div key={at} className="md-table" role="region" aria-label="Table" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  {token.header.map((cell, index) => (
                    <th key={index} scope="col" className={cell.align ?? undefined}>
                      {inline(cell.tokens)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {token.rows.map((row, index) => (
                  <tr key={index}>
                    {row.map((cell, column) => (
                      <td key={column} className={cell.align ?? undefined}>
                        {inline(cell.tokens)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      case 'code':
        return (
          <pre key={at} className="md-quoted-code">
            {token.text}
          </pre>
        )
      case 'hr':
        return <hr key={at} />
      case 'paragraph':
        return <p key={at}>{inline(token.tokens)}</p>
      case 'text':
        return <p key={at}>{inline(token.tokens ?? [token])}</p>
      default:
        return <p key={at}>{plainText(token.raw.trimEnd())}</p>
    }
  })
}

function inline(tokens: readonly Token[]): ReactNode {
  return (tokens as readonly MarkedToken[]).map((token, at) => {
    switch (token.type) {
      case 'strong':
        return <strong key={at}>{inline(token.tokens)}</strong>
      case 'em':
        return <em key={at}>{inline(token.tokens)}</em>
      case 'del':
        return <del key={at}>{inline(token.tokens)}</del>
      case 'codespan':
        return <code key={at}>{token.text}</code>
      case 'br':
        return <br key={at} />
      case 'link':
      case 'image':
        return <Link key={at} href={token.href} text={token.text} content={inline(token.tokens)} />
      case 'text':
        return token.tokens === undefined ? plainText(token.text) : inline(token.tokens)
      case 'escape':
        return token.text
      case 'checkbox':
        return null
      default:
        // HTML is text.
        return token.raw
    }
  })
}

/** The address of a link whose text has another one stands behind it. */
function Link({href, text, content}: {href: string; text: string; content: ReactNode}) {
  const target = linkTarget(href)
  const isOpened = target !== undefined && !target.startsWith('file:')
  const isHidden = isOpened && !claimsAddress(text, href)
  const shown = isOpened ? (
    <a href={target} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  ) : (
    content
  )
  return (
    <>
      {shown}
      {!isHidden && text !== href && href !== '' && <span className="muted"> ({plainText(href)})</span>}
    </>
  )
}
