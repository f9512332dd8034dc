import {$ZodError} from 'zod/v4/core'
import * as z from 'zod/mini'

import {idSchema, maxDraftLength, maxOutputBytesSchema, promptStatuses} from './events.ts'
import {sessionIdPattern} from './ids.ts'
import {lazily} from './lazily.ts'
import {parseBy} from './parse-by.ts'
import {sessionStateSchema} from './session-state.ts'
import {wholeNumber} from './whole-number.ts'

/** The longest prompt, in UTF-16 units; a longer one is refused as params that do not fit. */
export const maxPromptLength = 4 * 1024 * 1024

/** The most prompts that may wait in one session; the next is refused with `notAllowed`. */
export const maxQueuedPrompts = 256

/** The most that may wait in one session, in UTF-16 units of all prompts; the next is refused with `tooLarge`. */
export const maxQueuedLength = 8 * 1024 * 1024

const session = lazily(() =>
  z.object({
    session_id: z.string().check(z.regex(sessionIdPattern, 'Expected a session id: 10 letters or digits')),
  }),
)
const cells = () => wholeNumber(1, 10_000)
const promptText = () => z.string().check(z.minLength(1), z.maxLength(maxPromptLength))
const title = () => z.string().check(z.maxLength(200))
const nothing = lazily(() => z.object({}))

/** What a list says of a session. */
const sessionSummarySchema = lazily(() =>
  z.looseObject({
    id: z.string(),
    title: z.string(),
    agent: z.string(),
    cwd: z.string(),
    /**
     * `running`: a prompt runs. `idle`: its host waits. `stopped`: it has no host; opening it starts one.
     * `closed`: it has ended, only its log is left. `unreadable`: its log cannot be read.
     */
    state: z.enum(['running', 'idle', 'stopped', 'closed', 'unreadable']),
    /** Epoch ms. */
    created_at: z.number(),
    /** Epoch ms of the last use; neither output nor closing is use. */
    updated_at: z.number(),
  }),
)
export type SessionSummary = z.infer<ReturnType<typeof sessionSummarySchema>>

/** A logged event as it is on the wire; its payload is parsed by `parseEvent` where it is used. */
const wireEvent = lazily(() => z.looseObject({type: z.string(), session_id: z.string(), seq: z.int(), at: z.number()}))

/** The schemas of a method, made when they are used first. */
function describeMethod<P extends z.ZodMiniType, R extends z.ZodMiniType>(
  make: () => {params: P; result: R},
): {params: P; result: R} {
  const made = lazily(make)
  return {
    get params() {
      return made().params
    },
    get result() {
      return made().result
    },
  }
}

/** Params and result of each method. Unknown keys of params are left out, unknown keys of results are kept. */
export const methods = {
  'gateway.ping': describeMethod(() => ({params: nothing(), result: nothing()})),
  /**
   * Makes a session. Its id is durable before it is returned. Asked again with the same id, it answers the same and
   * changes nothing, whatever else the params say.
   */
  'session.create': describeMethod(() => ({
    params: z.object({
      /** Made by the sender, so that it may ask again. @default one of the gateway's */
      session_id: z.optional(session().shape.session_id),
      /** Where the session starts; an absolute path. @default the home folder of the user as whom the host runs */
      cwd: z.optional(z.string().check(z.startsWith('/', 'Expected an absolute path'))),
      title: z.optional(title()),
      /** Path of the shell, or its name on the host's `$PATH`; the user's when it is left out. */
      shell: z.optional(z.string()),
      cols: z.optional(cells()),
      rows: z.optional(cells()),
    }),
    result: z.looseObject({session_id: z.string()}),
  })),
  /**
   * Answers with the state of the session, then the events after `after_seq` arrive in order, then live ones, with no
   * gap and no overlap. A negative `after_seq` means that many of the last events. A second call starts anew from there.
   */
  'session.resume': describeMethod(() => ({
    params: z.extend(session(), {
      after_seq: z.int(),
      cols: z.optional(cells()),
      rows: z.optional(cells()),
    }),
    result: z.looseObject({state: sessionStateSchema(), latest_seq: z.int()}),
  })),
  /** Stops the events of a session. What runs in it runs on. */
  'session.leave': describeMethod(() => ({params: session(), result: nothing()})),
  'session.list': describeMethod(() => ({
    params: nothing(),
    result: z.looseObject({sessions: z.array(sessionSummarySchema())}),
  })),
  /**
   * Lines of titles, prompts, notes and output that contain all words, in whatever order and case, by sessions, the last
   * used first. Reads the logs; needs no host.
   */
  'session.search': describeMethod(() => ({
    params: z.object({
      words: z.array(z.string().check(z.minLength(1), z.maxLength(200))).check(z.minLength(1), z.maxLength(16)),
      /** Lines of each session, the oldest. @default 10 */
      limit: z.optional(wholeNumber(1, 1000)),
    }),
    result: z.looseObject({
      sessions: z.array(
        z.looseObject({
          id: z.string(),
          title: z.string(),
          updated_at: z.number(),
          hits: z.array(
            z.looseObject({seq: z.int(), at: z.number(), prompt_id: z.optional(z.string()), text: z.string()}),
          ),
          /** There are more lines than were asked for. */
          has_more: z.boolean(),
        }),
      ),
      /** Sessions whose logs could not be read to their end. */
      unreadable: z.array(z.string()),
    }),
  })),
  /** Gives a session another title. */
  'session.title': describeMethod(() => ({
    params: z.extend(session(), {title: title()}),
    result: z.looseObject({title: z.string()}),
  })),
  /** Removes all that is kept of a session. `notAllowed` while it has a host: it must be closed, or stopped. */
  'session.delete': describeMethod(() => ({params: session(), result: nothing()})),
  /** Reads from the log, oldest first, without a host: at most `limit` events and about 1 MiB, at least one if there is one. */
  'session.events': describeMethod(() => ({
    params: z.extend(session(), {
      after_seq: z.optional(wholeNumber(0)),
      before_seq: z.optional(wholeNumber(1)),
      limit: z.optional(wholeNumber(1, 10_000)),
    }),
    result: z.looseObject({events: z.array(wireEvent()), latest_seq: z.int()}),
  })),
  /**
   * Bytes for the program that runs; with `prompt_id` only for the one of that prompt. `notAllowed` when it does not run:
   * what was long on its way must not reach another program.
   */
  'session.input': describeMethod(() => ({
    params: z.extend(session(), {
      prompt_id: z.optional(idSchema()),
      text: z.optional(z.string()),
      base64: z.optional(z.string()),
    }),
    result: nothing(),
  })),
  'session.resize': describeMethod(() => ({
    params: z.extend(session(), {cols: cells(), rows: cells()}),
    result: nothing(),
  })),
  /**
   * Hands the sender's terminal to the program that runs: it gets the screen, then what is printed, as `attach.output`;
   * keys go by `session.input`. Another client that is attached is let go. The sender must watch the session. `notAllowed`
   * where nothing runs.
   */
  'attach.start': describeMethod(() => ({
    params: z.extend(session(), {
      /** Made by the sender; the same again paints the screen again. */
      attach_id: idSchema(),
      cols: cells(),
      rows: cells(),
    }),
    result: z.looseObject({prompt_id: z.string()}),
  })),
  /** Takes the terminal back. `ended: false`: that was over already. */
  'attach.end': describeMethod(() => ({
    params: z.extend(session(), {attach_id: idSchema()}),
    result: z.looseObject({ended: z.boolean()}),
  })),
  /** Ctrl-C for what runs; `interrupted` says whether something did. */
  'session.interrupt': describeMethod(() => ({params: session(), result: z.looseObject({interrupted: z.boolean()})})),
  /** Ends the session and what runs in it. Its log stays. `closed: false` when it was closed already. */
  'session.close': describeMethod(() => ({params: session(), result: z.looseObject({closed: z.boolean()})})),
  /**
   * Answers when the prompt is committed, not when it runs. Sent again with the same `prompt_id`, it is not run again:
   * the answer says what became of the first.
   */
  'prompt.submit': describeMethod(() => ({
    params: z.extend(session(), {
      prompt_id: idSchema(),
      text: promptText(),
      /** @default 64 MiB */
      max_output_bytes: z.optional(maxOutputBytesSchema()),
    }),
    result: z.looseObject({
      prompt_id: z.string(),
      status: z.enum(['queued', 'running', ...promptStatuses]),
    }),
  })),
  /**
   * Takes a waiting prompt out of the queue; it ends as `cancelled`. `withdrawn: true`, also when asked again: it did not
   * run, and will not. `false`: it has begun, or there is none with this id.
   */
  'prompt.withdraw': describeMethod(() => ({
    params: z.extend(session(), {prompt_id: idSchema()}),
    result: z.looseObject({withdrawn: z.boolean()}),
  })),
  /** Gives a waiting prompt another text. `updated: false`: it has begun, or there is none with this id. */
  'prompt.update': describeMethod(() => ({
    params: z.extend(session(), {prompt_id: idSchema(), text: promptText()}),
    result: z.looseObject({updated: z.boolean()}),
  })),
  /** Makes a waiting prompt the next that runs. `promoted: false`: it has begun, or there is none with this id. */
  'prompt.promote': describeMethod(() => ({
    params: z.extend(session(), {prompt_id: idSchema()}),
    result: z.looseObject({promoted: z.boolean()}),
  })),
  /**
   * Prompts that have run, of all sessions, each text once, the newest first. Reads the logs; needs no host. At most
   * `limit`, about 1 MiB of text, and what the last part of the logs that were used last holds; texts of more than 65,536
   * UTF-16 units are left out.
   */
  'prompt.history': describeMethod(() => ({
    params: z.object({
      /** @default 100 */
      limit: z.optional(wholeNumber(1, 1000)),
      /** Only what ran before this time, epoch ms: for paging. @default now */
      before: z.optional(z.number()),
    }),
    result: z.looseObject({
      prompts: z.array(z.looseObject({session_id: z.string(), text: z.string(), at: z.number()})),
      /** There may be more before the last of these. */
      has_more: z.boolean(),
    }),
  })),
  /** Keeps what was typed and not submitted: one draft a session, the last one set. Answers when it is committed. */
  'draft.set': describeMethod(() => ({
    params: z.extend(session(), {text: z.string().check(z.maxLength(maxDraftLength))}),
    result: nothing(),
  })),
  /**
   * Answers a question of the agent. `approvalNotFound`: it is not asked, or not any more. `alreadyAnswered`: somebody
   * chose otherwise before; the same choice again is no error.
   */
  'approval.answer': describeMethod(() => ({
    params: z.extend(session(), {approval_id: idSchema(), choice: z.string()}),
    result: nothing(),
  })),
} as const

export type Method = keyof typeof methods
export type Params<M extends Method> = z.infer<(typeof methods)[M]['params']>
export type Result<M extends Method> = z.infer<(typeof methods)[M]['result']>

/** Parses the params of a request where they enter a process. Throws a `$ZodError`. */
export function parseParams<M extends Method>(method: M, params: unknown): Params<M> {
  return parseBy(methods[method].params, params ?? {}) as Params<M>
}

/** Parses the result of a request where it enters a process. Throws a `$ZodError`. */
export function parseResult<M extends Method>(method: M, result: unknown): Result<M> {
  return parseBy(methods[method].result, result) as Result<M>
}

/** One line for people: what was expected, what came, and where. */
export function describeParseError(error: unknown): string {
  if (!(error instanceof $ZodError)) return error instanceof Error ? error.message : String(error)
  return error.issues.map((issue) => `${issue.path.join('.') || 'params'}: ${issue.message}`).join('; ')
}
