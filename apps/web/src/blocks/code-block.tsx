import type {CodeSpan} from '@holdfast/markdown/highlight'
import {useEffect, useState} from 'react'
import './code-block.css'

/** A longer block is shown without colours: to highlight it would stop the page, lines. */
const maxHighlighted = 3000

/** A block of code. It is shown at once, and in colours when its language has been loaded. */
export function CodeBlock({language, lines}: {language: string; lines: readonly string[]}) {
  const [highlighted, setHighlighted] = useState<readonly (readonly CodeSpan[])[]>([])
  const isLoaded = useHighlighter(language)
  useEffect(() => {
    if (isLoaded === undefined || lines.length > maxHighlighted) return
    const reader = isLoaded(language)
    if (reader !== undefined) setHighlighted(lines.map((line) => reader.read(line)))
  }, [isLoaded, language, lines])

  const copy = () => void navigator.clipboard.writeText(lines.join('\n'))
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{language === '' ? 'code' : language}</span>
        <button type="button" className="link-button" onClick={copy}>
          Copy
        </button>
      </div>
      {/* It scrolls sideways: the keyboard has to reach it. */}
      <pre tabIndex={0} role="region" aria-label={language === '' ? 'Code' : `Code, ${language}`}>
        {lines.map((line, at) => (
          <span key={at}>
            {(highlighted[at] ?? [{text: line, part: undefined}]).map((span, index) => (
              <span key={index} className={span.part === undefined ? undefined : `code-${span.part}`}>
                {span.text}
              </span>
            ))}
            {'\n'}
          </span>
        ))}
      </pre>
    </div>
  )
}

type Open = ReturnType<(typeof import('@holdfast/markdown/highlight'))['createHighlighter']>['open']

/** Opens a block of a language; `undefined` until it is loaded. */
function useHighlighter(language: string): Open | undefined {
  const [open, setOpen] = useState<Open>()
  useEffect(() => {
    if (language === '') return
    let isGone = false
    const load = async () => {
      const {createHighlighter} = await import('@holdfast/markdown/highlight')
      const highlighter = createHighlighter(() => {})
      highlighter.open(language)
      await highlighter.settled
      if (!isGone) setOpen(() => highlighter.open)
    }
    // Without it, the block stays as it is.
    load().catch(() => {})
    return () => void (isGone = true)
  }, [language])
  return open
}
