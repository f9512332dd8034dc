import {memo} from 'react'

import type {SessionModel} from '../session/open-session.ts'
import type {Block} from '../transcript/block.ts'
import {AgentPart} from './agent-part.tsx'
import {EndBlock} from './end-block.tsx'
import {Markdown} from './markdown.tsx'
import {OutputBlock} from './output-block.tsx'
import {PromptBlock} from './prompt-block.tsx'

export interface BlockViewProps {
  block: Block
  model: SessionModel
}

/** One part of a transcript. It is drawn again only where it has changed. */
export const BlockView = memo(function BlockView({block, model}: BlockViewProps) {
  switch (block.kind) {
    case 'prompt':
      return <PromptBlock block={block} />
    case 'output':
      return <OutputBlock block={block} />
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
})
