import {styleText} from 'node:util'

import {Text, useInput, usePaste} from 'ink'
import {useEffect, useEffectEvent, useRef, useState} from 'react'

import {editText, emptyDraft, firstLength, type Draft, type Edit} from './edit-text.ts'
import {wrapRows} from './live/wrap-rows.ts'
import {readKeys, readPaste, type Keystroke} from './read-keys.ts'

export interface ComposerProps {
  onSubmit: (text: string) => void
  /** Ctrl-C. `isEmpty`: nothing is written that could be lost. */
  onInterrupt: (isEmpty: boolean) => boolean
  /** ↑ with nothing written: takes a waiting prompt back; see `TakeBack`. Never rejects. */
  onTakeBack: () => Promise<string | undefined> | undefined
  /** What was written when the session was left, once it is known. Never rejects. */
  kept: Promise<string>
  /** Something else is written now. */
  onChange: (text: string) => void
  /** Ctrl-]: shows what was folded. */
  onOpen: () => void
  /** Esc. */
  onEscape: () => void
  /** The width that it has. */
  columns: number
  /** It may draw so many rows, whatever it holds. */
  maxRows: number
  /** What it would draw if there were room. */
  onRows: (rows: readonly string[]) => void
}

/** Where a prompt is written. */
export function Composer(props: ComposerProps) {
  const {onSubmit, onInterrupt, onTakeBack, kept, onChange, onOpen, onEscape, columns, maxRows, onRows} = props
  // Keys may come faster than frames: the draft is kept apart from what was drawn last.
  const draft = useRef<Draft>(emptyDraft)
  const history = useRef<{texts: string[]; at: number}>({texts: [], at: 0})
  const isTakingBack = useRef(false)
  const [, redraw] = useState(0)

  const change = (edit: Edit) => {
    const {text} = draft.current
    draft.current = editText(draft.current, edit)
    redraw((count) => count + 1)
    if (draft.current.text !== text) onChange(draft.current.text)
  }
  const restore = useEffectEvent((text: string) => {
    // It comes before what is written meanwhile.
    if (text !== '') change({kind: 'prepend', text})
  })
  useEffect(() => {
    void kept.then(restore)
  }, [kept])
  const submit = () => {
    const {text} = draft.current
    if (text.trim() === '') return
    history.current.texts.push(text)
    history.current.at = history.current.texts.length
    change({kind: 'replace', text: ''})
    onSubmit(text)
  }
  const recall = (step: -1 | 1) => {
    const {texts, at} = history.current
    const next = Math.min(texts.length, Math.max(0, at + step))
    if (next === at) return
    history.current.at = next
    change({kind: 'replace', text: texts[next] ?? ''})
  }

  /** True when there is something to take back. It comes before what is written meanwhile. */
  const takeBack = (): boolean => {
    if (isTakingBack.current) return true
    const taking = onTakeBack()
    if (taking === undefined) return false
    isTakingBack.current = true
    void taking.then((text) => {
      isTakingBack.current = false
      if (text === undefined) return
      const {texts} = history.current
      if (!texts.includes(text)) texts.push(text)
      history.current.at = texts.lastIndexOf(text)
      change({kind: 'prepend', text})
    })
    return true
  }

  const press = (keystroke: Keystroke) => {
    switch (keystroke.kind) {
      case 'interrupt':
        if (!onInterrupt(draft.current.text === '')) change({kind: 'replace', text: ''})
        break
      case 'submit':
        return submit()
      case 'up':
        if (draft.current.text !== '' || !takeBack()) recall(-1)
        break
      case 'down':
        return recall(1)
      case 'open':
        return onOpen()
      case 'escape':
        return onEscape()
      default:
        change(keystroke)
    }
  }

  useInput((input, key) => readKeys(input, key).forEach(press))
  usePaste((text) => change({kind: 'insert', text: readPaste(text)}))

  const {text, cursor} = draft.current
  const at = text.slice(cursor, cursor + firstLength(text.slice(cursor)))
  const before = `${styleText('cyan', '❯')} ${text.slice(0, cursor)}`
  // The cursor is no colour: it is there whatever the environment says of colours.
  const marked = styleText('inverse', at === '' || at === '\n' ? ' ' : at, {validateStream: false})
  const after = `${at === '\n' ? at : ''}${text.slice(cursor + at.length)}`
  const rows = wrapRows(before + marked + after, columns)
  const drawn = rows.join('\n')
  useEffect(() => onRows(drawn.split('\n')), [onRows, drawn])
  const cursorRow = wrapRows(before + marked, columns).length - 1
  const from = Math.max(0, Math.min(cursorRow - maxRows + 1, rows.length - maxRows))
  return <Text wrap="truncate">{rows.slice(from, from + maxRows).join('\n')}</Text>
}
