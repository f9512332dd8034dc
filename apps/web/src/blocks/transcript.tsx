import {useCallback, useEffect, useLayoutEffect, useRef, useState} from 'react'
import {Virtualizer, type VirtualizerHandle} from 'virtua'

import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'
import {findBlock, type FoundLine} from '../transcript/find-block.ts'
import {ActivityPart} from './activity-part.tsx'
import {BlockView} from './block-view.tsx'
import './transcript.css'

/** Nearer than this to the end, the transcript follows what is added, px. */
const nearEnd = 48
/** How long after a touch of a wheel, a finger or a key the user is taken to scroll, ms: else it is the list that measures its blocks. */
const scrollingMs = 1000
/** Nearer than this to the beginning, older events are read, px. */
const nearStart = 600

/** The transcript of a session. It draws the blocks in sight, and reads older events as the user scrolls to them. */
export function Transcript({model, found}: {model: SessionModel; found: FoundLine | undefined}) {
  const {blocks, activity, firstSeq, hasOlder, prepended} = useStore(model.transcript)
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const follows = useRef(found === undefined)
  /** The line that is kept in sight, until the user scrolls. */
  const sought = useRef(found)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const user = useRef({touchedAt: -Infinity, top: 0})
  const drawnPrepended = useRef(prepended)
  // The place of what is in sight is kept from the end of the list while older blocks are added before it.
  const isShifted = drawnPrepended.current !== prepended
  useLayoutEffect(() => void (drawnPrepended.current = prepended), [prepended])

  const toEnd = useCallback(() => {
    const element = scroller.current
    if (element !== null) element.scrollTop = element.scrollHeight
  }, [])
  const look = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const {scrollTop, scrollHeight, clientHeight} = element
    const isUp = scrollTop < user.current.top
    user.current.top = scrollTop
    const toGo = scrollHeight - scrollTop - clientHeight
    const isTouched = performance.now() - user.current.touchedAt < scrollingMs
    if (toGo < nearEnd) follows.current = sought.current === undefined
    // What is a screen away was wanted, as by a screen reader, which touches nothing.
    else if (isUp && (isTouched || toGo > clientHeight)) follows.current = false
    setIsAtEnd(follows.current)
    if (scrollTop < nearStart) void model.loadOlder()
  }, [model])

  const touch = useCallback(() => {
    user.current.touchedAt = performance.now()
    sought.current = undefined
  }, [])
  const toLatest = useCallback(() => {
    sought.current = undefined
    follows.current = true
    toEnd()
  }, [toEnd])
  useEffect(() => {
    model.toLatest = toLatest
    return () => void (model.toLatest = undefined)
  }, [model, toLatest])

  const foundAt = found === undefined ? -1 : findBlock(blocks, firstSeq, found)
  const [isTooFar, setIsTooFar] = useState(false)
  const {isOpen, status} = useStore(model.view)
  // What this device has saved may make room for the end of the session.
  const isReady = firstSeq !== undefined && (isOpen || status.kind === 'ended')
  useEffect(() => {
    sought.current = found
    if (found === undefined) return
    follows.current = false
    if (!isReady) return
    void model.reach(found.seq).then((isThere) => setIsTooFar(!isThere))
  }, [model, found, isReady])
  const keepPlace = useCallback(() => {
    if (sought.current !== undefined) {
      const shown = scroller.current?.querySelector('.found')
      if (shown != null) shown.scrollIntoView({block: 'center'})
      else if (foundAt >= 0) list.current?.scrollToIndex(foundAt, {align: 'center'})
    } else if (follows.current) toEnd()
  }, [foundAt, toEnd])

  // After each change, and after each block that was measured.
  useLayoutEffect(keepPlace)
  useEffect(() => {
    const element = scroller.current
    const content = element?.firstElementChild
    if (element == null || content == null) return
    const observer = new ResizeObserver(() => {
      keepPlace()
      // The first events may not fill the screen.
      if (element.scrollHeight <= element.clientHeight + nearStart) void model.loadOlder()
    })
    observer.observe(content)
    observer.observe(element)
    return () => observer.disconnect()
  }, [model, keepPlace])

  return (
    <div className="transcript-frame">
      {/* A region that scrolls is reached by Tab, so that the keyboard scrolls it. */}
      <div
        className="transcript"
        ref={scroller}
        onScroll={look}
        onWheel={touch}
        onTouchMove={touch}
        onPointerDown={touch}
        onKeyDown={touch}
        role="log"
        aria-label="Transcript"
        aria-live="off"
        tabIndex={0}
      >
        <div className="transcript-content">
          {hasOlder && <p className="transcript-older muted">Reading earlier events …</p>}
          <Virtualizer ref={list} scrollRef={scroller} data={blocks} shift={isShifted} bufferSize={600}>
            {(block, at) => (
              <BlockView key={block.id} block={block} model={model} found={at === foundAt ? found?.text : undefined} />
            )}
          </Virtualizer>
          {activity !== undefined && <ActivityPart activity={activity} />}
        </div>
      </div>
      {isTooFar && (
        <p role="status" className="note transcript-too-far">
          The line is further back than the page reads at once: scroll up, or use `holdfast show`.
        </p>
      )}
      {!isAtEnd && (
        <button type="button" className="button to-end" onClick={toLatest}>
          <span aria-hidden="true">↓</span> Latest
        </button>
      )}
    </div>
  )
}
