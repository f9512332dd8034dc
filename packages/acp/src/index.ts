export type {McpServer} from '@agentclientprotocol/sdk'
export {AcpError, type AcpErrorCode, isAcpError} from './agent/acp-error.ts'
export type {AgentCommand} from './agent/connect-agent.ts'
export type {Diagnostic} from './agent/diagnostics.ts'
export {endSurvivors, findSurvivors, type Survivor} from './agent/find-survivors.ts'
export type {TerminalExit, Terminals} from './agent/terminals.ts'
export type {AgentEvent, ConversationEvent, PromptEvent, SessionEvent} from './conversation/conversation-event.ts'
export type {
  Conversation,
  ConversationOptions,
  ConversationState,
  ConversationTiming,
  PromptOptions,
} from './conversation/conversation.ts'
export {createConversation} from './conversation/create-conversation.ts'
export type {SavedSession} from './conversation/saved-session.ts'
export type {SessionSettings} from './conversation/session-settings.ts'
export {readUpdate, type ReadUpdate} from './events/read-update.ts'
export type {UpdateEvent} from './events/update-events.ts'
export {readTextFile, type ReadRange} from './files/read-text-file.ts'
export {FileRefused} from './files/resolve-path.ts'
export {writeTextFile} from './files/write-text-file.ts'
export type {Question, QuestionEnd, QuestionEvent} from './permissions/questions.ts'
export {findMentions, type TypedPart} from './prompt/find-mentions.ts'
export type {PromptPart} from './prompt/to-content.ts'
export {judgeRestore} from './recovery/judge-restore.ts'
export {judgeStop, type PromptEnd} from './recovery/judge-turn.ts'
export {planRestore, type RestoreFacts, type RestorePlan, type RestoreVerdict} from './recovery/plan-restore.ts'
export type {TerminalCommand} from './schema/agent-requests.ts'
export type {AuthMethod, Initialized, SessionList} from './schema/answers.ts'
export type {Content} from './schema/content.ts'
export type {Command, ConfigOption, Models, Modes} from './schema/session-settings.ts'
export type {ToolCall, ToolContent} from './schema/tool-call.ts'
