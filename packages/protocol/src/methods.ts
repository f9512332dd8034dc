import {$ZodError} from 'zod/v4/core'
import * as z from 'zod/mini'

import {boundedText} from './bounded-text.ts'
import {idSchema, maxOutputBytesSchema, promptStatuses} from './events.ts'
import {sessionIdPattern} from './ids.ts'
import {lazily} from './lazily.ts'
import {maxDraftBytes, maxPathBytes, maxPromptBytes} from './limits.ts'
import {openObject} from './open-object.ts'
import {parseWith} from './parse-with.ts'
import {sessionStateSchema} from './session-state.ts'
import {wholeNumber} from './whole-number.ts'

const session = lazily(() =>
  z.object({
    session_id: z.string().check(z.regex(sessionIdPattern, 'Expected a session id: 10 letters or digits')),
  }),
)
/** Columns or rows of a terminal; the host uses at most `maxColumns` and `maxCells`. */
const cells = () => wholeNumber(1, 10_000)
const promptText = () => boundedText(maxPromptBytes).check(z.minLength(1))
const title = () => z.string().check(z.maxLength(200))
const nothing = lazily(() => z.object({}))

const sessionSummarySchema = lazily(() =>
  openObject({
    id: z.string(),
    /** Of an untitled session, the beginning of its first prompt. */
    title: z.string(),
    agent: z.string(),
    cwd: z.string(),
    /**
     * `running`: a prompt runs. `idle`: the host waits for a prompt. `stopped`: the session has no host; opening it starts
     * one. `closed`: only the log is left. `unreadable`: the log cannot be read.
     */
    state: z.enum(['running', 'idle', 'stopped', 'closed', 'unreadable']),
    created_at: z.number(),
    /** Time of the last use. Neither output nor closing the session is use. */
    updated_at: z.number(),
  }),
)
export type SessionSummary = z.infer<ReturnType<typeof sessionSummarySchema>>

/** When input may be typed; `hidden`: the program reads a line, and its terminal does not show what is typed. */
const inputConditionSchema = lazily(() => z.enum(['reads', 'hidden']))
export type InputCondition = z.infer<ReturnType<typeof inputConditionSchema>>

/**
 * Why input was not typed. `not-running`: the program has not started. `not-reading`: it does something else than to read its
 * terminal. `echo`: its terminal shows what is typed. `by-key`: it reads key by key, and may show the keys itself. `unknown`:
 * the host cannot know.
 */
const inputObstacleSchema = lazily(() => z.enum(['not-running', 'not-reading', 'echo', 'by-key', 'unknown']))
export type InputObstacle = z.infer<ReturnType<typeof inputObstacleSchema>>

/** The envelope of a logged event. `parseEvent` parses the payload where a process uses it. */
const wireEvent = lazily(() => openObject({type: z.string(), session_id: z.string(), seq: z.int(), at: z.number()}))

/**
 * The schemas of the params and the result of each method. Parsing params drops keys that are not listed here; parsing results
 * keeps them, because a newer peer may send more. Times (`at`, `…_at`) are epoch milliseconds.
 *
 * A method with a `session_id` fails with `sessionNotFound` where there is no such session. A method that needs the host of the
 * session starts it where it does not run, and fails with `hostUnavailable` where that fails, and with `sessionClosed` for a
 * closed session.
 */
export const methods = {
  /** Does nothing. An answer shows that the gateway is alive. */
  'gateway.ping': lazily(() => ({params: nothing(), result: nothing()})),
  /**
   * Creates a session. The answer comes after the session is on the disk. A repetition with the same `session_id` returns
   * the same answer and changes nothing, whatever the other params are. Fails with `agentUnavailable` where there is no such
   * shell.
   */
  'session.create': lazily(() => ({
    params: z.object({
      /** An id of the sender's own (`createSessionId`), so that it can repeat the request. @default made by the gateway */
      session_id: z.optional(session().shape.session_id),
      /** Absolute path of the first directory. @default the home directory of the user who runs the host */
      cwd: z.optional(boundedText(maxPathBytes).check(z.startsWith('/', 'Expected an absolute path'))),
      /** @default the name of the directory */
      title: z.optional(title()),
      /** Path of the shell, or its name on the host's `$PATH`. @default the login shell of the user */
      shell: z.optional(boundedText(maxPathBytes)),
      cols: z.optional(cells()),
      rows: z.optional(cells()),
    }),
    result: openObject({session_id: z.string()}),
  })),
  /**
   * Subscribes to the events of a session. After the answer, the gateway sends the events after `after_seq` in order and then
   * the live ones, without a gap or a repetition. A negative `after_seq` asks for that many of the last events, one beyond
   * `latest_seq` for live events only. Another call replaces the subscription. `state` is the state after event `latest_seq`.
   */
  'session.resume': lazily(() => ({
    params: z.extend(session(), {
      after_seq: z.int(),
      cols: z.optional(cells()),
      rows: z.optional(cells()),
    }),
    result: openObject({state: sessionStateSchema(), latest_seq: z.int()}),
  })),
  /** Ends the subscription of this client. The session keeps running. */
  'session.leave': lazily(() => ({params: session(), result: nothing()})),
  /**
   * Lists the sessions. A page has about `maxPageBytes`, 8 MiB, which is more than 20,000 sessions of a usual length; the
   * sessions in it come in the order of their last use. Needs no host.
   */
  'session.list': lazily(() => ({
    params: z.object({
      /** For the next page: the `next` of this one. @default the first page */
      after: z.optional(z.string()),
    }),
    result: openObject({
      sessions: z.array(sessionSummarySchema()),
      /** There is another page. */
      next: z.optional(z.string()),
    }),
  })),
  /**
   * Finds the lines of titles, prompts, notes and output that contain all `words`, in any order and case. Sessions come in
   * the order of their last use, up to about `maxPageBytes`, 8 MiB. Reads the logs; needs no host.
   */
  'session.search': lazily(() => ({
    params: z.object({
      words: z.array(z.string().check(z.minLength(1), z.maxLength(200))).check(z.minLength(1), z.maxLength(16)),
      /** Lines per session, the oldest first. @default 10 */
      limit: z.optional(wholeNumber(1, 1000)),
    }),
    result: openObject({
      sessions: z.array(
        openObject({
          id: z.string(),
          title: z.string(),
          updated_at: z.number(),
          hits: z.array(
            openObject({seq: z.int(), at: z.number(), prompt_id: z.optional(z.string()), text: z.string()}),
          ),
          /** More than `limit` lines match. */
          has_more: z.boolean(),
        }),
      ),
      /** Ids of the sessions whose logs could not be read to the end. */
      unreadable: z.array(z.string()),
      /** More sessions may match than fit: add words. @default false */
      has_more: z.optional(z.boolean()),
    }),
  })),
  /** Renames a session. The answer has the title as the host stored it: on one line. */
  'session.title': lazily(() => ({
    params: z.extend(session(), {title: title()}),
    result: openObject({title: z.string()}),
  })),
  /** Deletes the log of a session, and all else that is kept of it. Fails with `notAllowed` while a host runs it. */
  'session.delete': lazily(() => ({params: session(), result: nothing()})),
  /**
   * Reads a page of the log, in order. With only `before_seq`, the page ends before that event; otherwise it starts with the
   * first event after `after_seq` (default 0). A page has at most `limit` events (default 1000) and about 1 MiB, but at least
   * one event where there is one. Needs no host, and reads closed sessions.
   */
  'session.events': lazily(() => ({
    params: z.extend(session(), {
      after_seq: z.optional(wholeNumber(0)),
      before_seq: z.optional(wholeNumber(1)),
      limit: z.optional(wholeNumber(1, 10_000)),
    }),
    result: openObject({events: z.array(wireEvent()), latest_seq: z.int()}),
  })),
  /**
   * Types bytes into the running program. With `prompt_id`, fails with `notAllowed` where another prompt runs by now, so that
   * late input does not reach the wrong program; without it, only where nothing runs. A client must not repeat it: the
   * program could read the bytes twice. With `when`, nothing is typed unless the condition holds at this moment; then the
   * result has the reason, and the client may repeat it.
   */
  'session.input': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: z.optional(idSchema()),
      text: z.optional(z.string()),
      base64: z.optional(z.string()),
      when: z.optional(inputConditionSchema()),
    }),
    result: openObject({not_typed: z.optional(inputObstacleSchema())}),
  })),
  /** Sets the size of the terminal. While a client is attached, only that client's size counts. */
  'session.resize': lazily(() => ({
    params: z.extend(session(), {cols: cells(), rows: cells()}),
    result: nothing(),
  })),
  /**
   * Attaches the client's terminal to the running program: `attach.output` brings the whole screen, then what the program
   * prints. Keys go through `session.input`. Detaches another client that is attached. The client must have resumed the
   * session. Fails with `notAllowed` where nothing runs.
   */
  'attach.start': lazily(() => ({
    params: z.extend(session(), {
      /** An id of the sender's own. A call with the same id again repaints the screen. */
      attach_id: idSchema(),
      cols: cells(),
      rows: cells(),
    }),
    result: openObject({prompt_id: z.string()}),
  })),
  /** Detaches the terminal; the program keeps running. `ended: false`: it was not attached, or no longer. */
  'attach.end': lazily(() => ({
    params: z.extend(session(), {attach_id: idSchema()}),
    result: openObject({ended: z.boolean()}),
  })),
  /** Sends Ctrl-C to the running program. `interrupted: false`: nothing ran. A client must not repeat it. */
  'session.interrupt': lazily(() => ({
    params: z.extend(session(), {
      /** Interrupts only this prompt. @default whichever runs */
      prompt_id: z.optional(idSchema()),
    }),
    result: openObject({interrupted: z.boolean()}),
  })),
  /** Closes the session and ends all that runs in it. The log stays. `closed: false`: it was closed before. */
  'session.close': lazily(() => ({params: session(), result: openObject({closed: z.boolean()})})),
  /**
   * Submits a prompt. The answer comes after the prompt is on the disk, not when it has run. A repetition with the same
   * `prompt_id` runs nothing: its answer has the status of the first. A client that lost an answer repeats the request, and
   * the prompt still runs at most once. Fails with `notAllowed` where `maxQueuedPrompts` wait, and with `tooLarge` where they
   * would be longer than `maxQueueBytes`.
   */
  'prompt.submit': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: idSchema(),
      text: promptText(),
      /** How much of the output the log keeps, bytes; `null` keeps all. @default defaultMaxOutputBytes, 64 MiB */
      max_output_bytes: z.optional(maxOutputBytesSchema()),
    }),
    result: openObject({
      prompt_id: z.string(),
      status: z.enum(['queued', 'running', ...promptStatuses]),
    }),
  })),
  /**
   * Takes a waiting prompt out of the queue; it ends as `cancelled`. `withdrawn: true`, also for a repetition: the prompt
   * never runs. `false`: it has started, or there is none with this id.
   */
  'prompt.withdraw': lazily(() => ({
    params: z.extend(session(), {prompt_id: idSchema()}),
    result: openObject({withdrawn: z.boolean()}),
  })),
  /** Replaces the text of a waiting prompt. `updated: false`: it has started, or there is none with this id. */
  'prompt.update': lazily(() => ({
    params: z.extend(session(), {prompt_id: idSchema(), text: promptText()}),
    result: openObject({updated: z.boolean()}),
  })),
  /** Moves a waiting prompt to the front of the queue. `promoted: false`: it has started, or there is none with this id. */
  'prompt.promote': lazily(() => ({
    params: z.extend(session(), {prompt_id: idSchema()}),
    result: openObject({promoted: z.boolean()}),
  })),
  /**
   * Lists the prompts that have run, over all sessions, the newest first, each text once. A page has at most `limit` prompts
   * and about 1 MiB of text; it leaves out texts longer than 65,536 UTF-16 units, and the old part of very long logs. Reads
   * the logs; needs no host.
   */
  'prompt.history': lazily(() => ({
    params: z.object({
      /** @default 100 */
      limit: z.optional(wholeNumber(1, 1000)),
      /** For the next page: the `at` of the last prompt of this one. @default now */
      before: z.optional(z.number()),
    }),
    result: openObject({
      prompts: z.array(openObject({session_id: z.string(), text: z.string(), at: z.number()})),
      /** Older prompts may exist. */
      has_more: z.boolean(),
    }),
  })),
  /** Stores the draft of the session: text that the user typed but did not submit. The answer comes after it is on the disk. */
  'draft.set': lazily(() => ({
    params: z.extend(session(), {text: boundedText(maxDraftBytes)}),
    result: nothing(),
  })),
  /**
   * Answers a question of the agent. Fails with `approvalNotFound` where the agent does not ask it, or no longer, and with
   * `alreadyAnswered` where another choice was made before. The same choice again succeeds.
   */
  'approval.answer': lazily(() => ({
    params: z.extend(session(), {approval_id: idSchema(), choice: idSchema()}),
    result: nothing(),
  })),
} as const

export type Method = keyof typeof methods
export type Params<M extends Method> = z.infer<ReturnType<(typeof methods)[M]>['params']>
export type Result<M extends Method> = z.infer<ReturnType<(typeof methods)[M]>['result']>

/** All methods as functions, for a typed connection: `createConnection<Local, Methods>` of `@holdfast/rpc`. */
export type Methods = {
  [M in Method]: Record<string, never> extends Params<M>
    ? (params?: Params<M>) => Result<M>
    : (params: Params<M>) => Result<M>
}

/** Parses the params of a request. Throws a `$ZodError`. */
export function parseParams<M extends Method>(method: M, params: unknown): Params<M> {
  return parseWith(methods[method]().params, params ?? {}) as Params<M>
}

/** Parses the result of a request. Throws a `$ZodError`. */
export function parseResult<M extends Method>(method: M, result: unknown): Result<M> {
  return parseWith(methods[method]().result, result) as Result<M>
}

/** Whether the error comes from params or a result that do not match their schema. */
export function isParseError(error: unknown): error is $ZodError {
  return error instanceof $ZodError
}

/** Describes a parse error on one line: for each problem, the path and the expected value. */
export function describeParseError(error: unknown): string {
  if (!isParseError(error)) return error instanceof Error ? error.message : String(error)
  return error.issues.map((issue) => `${issue.path.join('.') || 'params'}: ${issue.message}`).join('; ')
}
