import {memo} from 'react'

import type {SessionModel} from '../session/open-session.ts'
import type {Block} from '../transcript/block.ts'
import {AgentPart} from './agent-part.tsx'
import {EndBlock} from './end-block.tsx'
import {Found} from './found.tsx'
import {Markdown} from './markdown.tsx'
import {OutputBlock} from './output-block.tsx'
import {PromptBlock} from './prompt-block.tsx'

export interface BlockViewProps {
  block: Block
  model: SessionModel
  /** The text of a line in it that a search has found. */
  found: string | undefined
}

/** One part of a transcript. It is drawn again only where it has changed. */
export const BlockView = memo(function BlockView(props: BlockViewProps) {
  const {block, found} = props
  if (block.kind === 'output') return <OutputBlock key={found} block={block} found={found} />
  return found === undefined ? (
    <Part {...props} />
  ) : (
    <Found>
      <Part {...props} />
    </Found>
  )
})

function Part({block, model}: BlockViewProps) {
  switch (block.kind) {
    case 'prompt':
      return <PromptBlock block={block} />
    case 'output':
      return null
    case 'answer':
      return <Markdown finished={block.finished} unfinished={block.unfinished} />
    case 'end':
      return <EndBlock payload={block.payload} />
    case 'agent':
      return <AgentPart part={block.part} model={model} />
    case 'note':
      return <p className={block.isWarning ? 'note warning' : 'note'}>{block.text}</p>
    case 'closed':
      return <p className="note warning">The session was closed.</p>
  }
}
