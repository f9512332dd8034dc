export {policyAnswers, type AgentSettings, type PermissionPolicy, type PolicyAnswer} from './agent-events.ts'
export type {AgentState} from './agent-state.ts'
export {
  isLosslessOutput,
  readEphemeralEvent,
  type Activity,
  type EphemeralEvent,
  type Greeting,
  type ProgramInput,
  type Viewer,
  type Viewers,
} from './ephemeral-events.ts'
export {errorCodes, errorName, type ErrorCode, type ErrorName} from './error-codes.ts'
export {
  eventPayloads,
  type Approval,
  type Stdin,
  type EventPayload,
  type EventType,
  type LoggedEvent,
  type NewEvent,
  type PromptStatus,
  type SessionEvent,
  type SessionInfo,
  type UnknownEvent,
} from './events.ts'
export {greetingProblem, greetingTimeoutMs, readGreeting, readRefusal, refusal} from './greeting.ts'
export {isCallerName, readHello, type Hello} from './hello.ts'
export {createPromptId, createSessionId, programPromptId, sessionIdPattern} from './ids.ts'
export {
  defaultMaxDrawnBytes,
  defaultMaxOutputBytes,
  maxAgentEventBytes,
  maxAgentSettingsBytes,
  maxApprovalBytes,
  maxBackgroundOutputBytes,
  maxSharedBytes,
  maxSharedCommands,
  maxTerminalOutputBytes,
  maxCells,
  maxClients,
  maxColumns,
  maxDraftBytes,
  maxHostPeers,
  maxMessageBytes,
  maxNamedViewers,
  maxLongReads,
  maxLongReadsTogether,
  maxOpenSessions,
  maxPageBytes,
  maxPathBytes,
  maxPeerQueueBytes,
  maxPeerRequestBytes,
  maxPeerRequests,
  maxProgramBytes,
  maxPromptBytes,
  maxQueueBytes,
  maxQueuedPrompts,
  maxRequestBytes,
  maxStateBytes,
  maxUnfinishedBytes,
  maxUnreadBytes,
  tailOutputBytes,
  stdinGoneMs,
  stdinWaitMs,
  attachWindowBytes,
} from './limits.ts'
export {
  describeParseError,
  isParseError,
  methods,
  parseParams,
  parseResult,
  type InputCondition,
  type InputObstacle,
  type Method,
  type Methods,
  type Params,
  type Result,
  type SessionSummary,
} from './methods.ts'
export {methodEffects, onlyReads, type MethodEffect} from './method-effects.ts'
export {mayBeIncomplete} from './may-be-incomplete.ts'
export {quoteWords} from './quote-words.ts'
export {readShellPrompt, type ShellPrompt} from './shell-prompt.ts'
export {createOutputEncoder, decodeOutput, encodeOutput, outputText, type Output, type OutputEncoder} from './output.ts'
export {parseEvent, readEnvelope, type EventEnvelope} from './parse-event.ts'
export {isProtocolSupported, oldestProtocolVersion, protocolVersion} from './protocol-version.ts'
export {serveMethods, type MethodHandlers, type MethodTable, type WireCoded} from './serve-methods.ts'
export {summarizeSession, waitsFor, type SummaryFacts} from './summarize-session.ts'
export {changeTags, maxTags, tagPattern} from './tags.ts'
export {fitsBytes, textBytes} from './text-bytes.ts'
export {maxPasteBytes, maxScrollback, maxSnapshotWaitMs} from './methods/program-methods.ts'
export type {ScreenSnapshot} from './screen-snapshot.ts'
export {
  beginningOf,
  listedTitle,
  reduceSession,
  sessionStateSchema,
  type QueuedPrompt,
  type SessionState,
} from './session-state.ts'
