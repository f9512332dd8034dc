export {errorCodes, errorName, type ErrorCode, type ErrorName} from './error-codes.ts'
export {greetingProblem, greetingTimeoutMs} from './greeting.ts'
export {
  defaultMaxOutputBytes,
  eventPayloads,
  isEphemeralEvent,
  maxBackgroundOutputBytes,
  maxDraftLength,
  parseEvent,
  readEnvelope,
  readySchema,
  tailOutputBytes,
  type Activity,
  type Approval,
  type EventEnvelope,
  type EventPayload,
  type EventType,
  type NewEvent,
  type EphemeralEvent,
  type PromptStatus,
  type Ready,
  type SessionEvent,
  type SessionInfo,
  type UnknownEvent,
} from './events.ts'
export {createPromptId, createSessionId, sessionIdPattern, type IdOptions, type RandomSource} from './ids.ts'
export {
  describeParseError,
  maxPromptLength,
  maxQueuedLength,
  maxQueuedPrompts,
  methods,
  parseParams,
  parseResult,
  type Method,
  type Params,
  type Result,
  type SessionSummary,
} from './methods.ts'
export {createOutputEncoder, decodeOutput, encodeOutput, type Output, type OutputEncoder} from './output.ts'
export {isProtocolSupported, oldestProtocolVersion, protocolVersion} from './protocol-version.ts'
export {serveMethods, type MethodHandlers, type MethodTable, type WireCoded} from './serve-methods.ts'
export {reduceSession, sessionStateSchema, type QueuedPrompt, type SessionState} from './session-state.ts'
