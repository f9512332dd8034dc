import {Text, useInput, usePaste, type Key} from 'ink'
import {useRef, useState} from 'react'

import {editText, emptyDraft, firstLength, type Draft, type Edit} from './edit-text.ts'

export interface ComposerProps {
  onSubmit: (text: string) => void
  /** Ctrl-C. `isEmpty`: nothing is written that could be lost. */
  onInterrupt: (isEmpty: boolean) => boolean
}

/** Where a prompt is written. */
export function Composer({onSubmit, onInterrupt}: ComposerProps) {
  // Keys may come faster than frames: the draft is kept apart from what was drawn last.
  const draft = useRef<Draft>(emptyDraft)
  const history = useRef<{texts: string[]; at: number}>({texts: [], at: 0})
  const [, redraw] = useState(0)

  const change = (edit: Edit) => {
    draft.current = editText(draft.current, edit)
    redraw((count) => count + 1)
  }
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

  useInput((input, key) => {
    if (key.ctrl && input === 'c') {
      if (!onInterrupt(draft.current.text === '')) change({kind: 'replace', text: ''})
    } else if (key.upArrow) recall(-1)
    else if (key.downArrow) recall(1)
    else if (key.return) submit()
    else {
      const edit = editOf(input, key)
      if (edit !== undefined) change(edit)
      else if (!key.ctrl && !key.meta && !key.escape && !key.tab) typeAll(input)
    }
  })
  usePaste((text) => change({kind: 'insert', text: text.replace(/\r\n?/g, '\n')}))

  /** Typed so fast that it came in one piece. */
  const typeAll = (input: string) => {
    for (const piece of input.split(/(\r)/)) {
      if (piece === '\r') submit()
      else if (piece !== '') change({kind: 'insert', text: piece})
    }
  }

  const {text, cursor} = draft.current
  const at = text.slice(cursor, cursor + firstLength(text.slice(cursor)))
  return (
    <Text wrap="wrap">
      <Text color="cyan">❯ </Text>
      {text.slice(0, cursor)}
      <Text inverse>{at === '' || at === '\n' ? ' ' : at}</Text>
      {at === '\n' ? at : ''}
      {text.slice(cursor + at.length)}
    </Text>
  )
}

/** The editing keys, as readline has them. */
function editOf(input: string, key: Key): Edit | undefined {
  if (key.leftArrow) return {kind: 'left'}
  if (key.rightArrow) return {kind: 'right'}
  if (key.home) return {kind: 'start'}
  if (key.end) return {kind: 'end'}
  if (key.backspace) return {kind: 'delete-back'}
  if (key.delete) return {kind: 'delete-forward'}
  if (!key.ctrl) return undefined
  return ctrlEdits[input]
}

const ctrlEdits: Readonly<Record<string, Edit>> = {
  a: {kind: 'start'},
  b: {kind: 'left'},
  d: {kind: 'delete-forward'},
  e: {kind: 'end'},
  f: {kind: 'right'},
  h: {kind: 'delete-back'},
  k: {kind: 'delete-to-end'},
  u: {kind: 'delete-to-start'},
  w: {kind: 'delete-word'},
}
