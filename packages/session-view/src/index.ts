export {createAgentActivity, textEnds, type AgentActivity} from './activity/activity.ts'
export type {ActivityView, PlanEntry, RunningTool} from './activity/activity-view.ts'
export type {AgentBlock, AgentBlocks} from './activity/agent-blocks.ts'
export type {AgentPart} from './activity/agent-part.ts'
export {askedParts, type AskedParts} from './activity/asked-parts.ts'
export {readPart} from './activity/read-part.ts'
export type {ShownTool} from './activity/shown-tool.ts'
export {leastToolMs, toolEnd, toolOutput, toolSign, type ToolEnd} from './activity/tool-summary.ts'
export {speakLine, type AgentLine, type Tone} from './agent/agent-line.ts'
export {createAgentReader, type AgentReader, type AgentReaderOptions} from './agent/agent-reader.ts'
export {commandOf} from './agent/command-of.ts'
export {diffLines, type DiffLine} from './agent/diff-lines.ts'
export {countFrom, diffWords, type Span, type WordDiffLine} from './agent/diff-words.ts'
export {changesOf, joinChanges, type FileChange} from './agent/file-changes.ts'
export {withChips, type PromptPart} from './agent/mentions.ts'
export {cutLine, linesOf} from './agent/plain-lines.ts'
export {agentAtWork} from './agent-at-work.ts'
export {orderSessions} from './order-sessions.ts'
export {describeExit} from './texts/exit-codes.ts'
export {from, shownName} from './texts/from.ts'
export {othersText, otherSizeText} from './texts/viewers.ts'
export {
  describeAttached,
  describeClosed,
  describeEarlyEnd,
  describeElided,
  describeEnd,
  describeLines,
  describeMark,
  describeShellExited,
  describeStatus,
  describeUnknownStatus,
  drawnNoMore,
  exitCodeOf,
  isStopped,
  isSuccess,
  leastShownMs,
  lostPart,
  outcomeSign,
  stoppedExitCode,
  wasWithdrawn,
  type DescribeEndOptions,
} from './texts/outcomes.ts'
export {formatAge, formatBytes, formatClock, formatDuration, formatElapsed, formatLines} from './texts/quantities.ts'
export {describeQuestion} from './texts/question.ts'
export {describeHeld, describeHoldReason, heldPrompts, queueLines} from './texts/queue.ts'
export {describeRecovery, type RecoveryFacts} from './texts/recovery.ts'
export {runnerOf} from './texts/runner-of.ts'
export {shorten, shortenFolder} from './texts/shorten.ts'
export {shownState} from './texts/shown-state.ts'
export {formatTags} from './texts/tags.ts'
export {waitingBadge} from './texts/waiting.ts'
