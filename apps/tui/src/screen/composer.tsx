import {Text, useInput, usePaste} from 'ink'
import {useEffect, useEffectEvent, useRef, useState} from 'react'

import {editText, emptyDraft, firstLength, type Draft, type Edit} from './edit-text.ts'
import {readKeys, readPaste, type Keystroke} from './read-keys.ts'

export interface ComposerProps {
  onSubmit: (text: string) => void
  /** Ctrl-C. `isEmpty`: nothing is written that could be lost. */
  onInterrupt: (isEmpty: boolean) => boolean
  /** Ctrl-O. */
  onAttach: () => void
  /** ↑ with nothing written: takes a waiting prompt back; see `TakeBack`. Never rejects. */
  onTakeBack: () => Promise<string | undefined> | undefined
  /** What was written when the session was left, once it is known. Never rejects. */
  kept: Promise<string>
  /** Something else is written now. */
  onChange: (text: string) => void
}

/** Where a prompt is written. */
export function Composer({onSubmit, onInterrupt, onAttach, onTakeBack, kept, onChange}: ComposerProps) {
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
      case 'attach':
        return onAttach()
      case 'submit':
        return submit()
      case 'up':
        if (draft.current.text !== '' || !takeBack()) recall(-1)
        break
      case 'down':
        return recall(1)
      default:
        change(keystroke)
    }
  }

  useInput((input, key) => readKeys(input, key).forEach(press))
  usePaste((text) => change({kind: 'insert', text: readPaste(text)}))

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
