import * as z from 'zod/mini'

import {agentEventPayloads} from './agent-events.ts'
import {idSchema} from './id-schema.ts'
import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'
import {wholeNumber} from './whole-number.ts'

/**
 * How a prompt ended. `complete`: the command ended, whatever its exit code. `interrupted`: Ctrl-C or the end of its host
 * stopped it. `failed`: it could not run, or its shell was killed. `cancelled`: it never started.
 */
export const promptStatuses = ['complete', 'interrupted', 'failed', 'cancelled'] as const
export type PromptStatus = (typeof promptStatuses)[number]

/**
 * The name of the client that caused an event, such as `phone`, where it came with a credential of its own. Left out for the user
 * of the machine. The gateway and the host set it, no client.
 */
const by = z.optional(z.string())

/** Describes a session. `by` is in the event only, not in the state. */
export const sessionInfoSchema = lazily(() =>
  openObject({
    title: z.string(),
    /** Nobody has given the session its title: it is the name of its first folder. */
    untitled: z.optional(z.boolean()),
    /** What runs the prompts: `shell`, or the name of a coding agent in the settings. */
    agent: z.string(),
    /** The directory in which the next prompt runs. */
    cwd: z.string(),
    /** Path of the shell, where the agent is one. */
    shell: z.optional(z.string()),
    /** The one program that runs instead of a shell, and its arguments. */
    program: z.optional(z.array(z.string())),
    /** Variables of what runs in the session, beside those of its host. */
    env: z.optional(z.record(z.string(), z.string())),
    /** How the host notices that a command has ended: `hooks` of the shell, or a `sentinel` line typed behind the command. */
    completion: z.optional(z.string()),
    /** Epoch milliseconds. */
    created_at: z.number(),
    /** The host closes the session when a prompt has ended and none waits. It stays open where the prompt was stopped (Ctrl-Z). */
    one_shot: z.optional(z.boolean()),
    /** What users call the session beside its title, in the order in which they added it: see `tagPattern`. */
    tags: z.optional(z.array(z.string())),
    by,
  }),
)
export type SessionInfo = z.infer<ReturnType<typeof sessionInfoSchema>>

/** The first bytes of a prompt's output that the log keeps; `null` keeps all. */
export const maxOutputBytesSchema = lazily(() => z.nullable(wholeNumber(0)))

/** Where a prompt reads from, instead of its terminal. `pipe`: what `prompt.stdin` brings. `none`: it reads the end at once. */
export const stdinSchema = lazily(() => z.enum(['pipe', 'none']))
export type Stdin = z.infer<ReturnType<typeof stdinSchema>>

/** A question that the agent asks about its prompt. The agent waits for the answer. */
export const approvalSchema = lazily(() =>
  z.object({
    approval_id: idSchema(),
    prompt_id: idSchema(),
    title: z.string(),
    choices: z
      .array(
        z.object({
          id: idSchema(),
          label: z.string(),
          /** `allow_once`, `allow_always`, `reject_once`, `reject_always`, or another one. */
          kind: z.optional(z.string()),
        }),
      )
      .check(z.minLength(1)),
    /** The tool call that it is about: see `tool.call`. */
    tool_call_id: z.optional(z.string()),
  }),
)
export type Approval = z.infer<ReturnType<typeof approvalSchema>>

/** Program output: `text` where it is valid UTF-8, else `base64`. Read it with `decodeOutput`. */
const output = {text: z.optional(z.string()), base64: z.optional(z.string())}

/**
 * The payload of each logged event, by event type. Objects are loose: keep keys that you do not know, a newer peer sent them.
 * An event with a `prompt_id` belongs to that prompt.
 */
export const eventPayloads = {
  /** Describes the session. It is event 1, and comes again whenever the title, the tags or the directory change. */
  'session.info': sessionInfoSchema,
  /** The session is closed. No event follows. `reason` is `user` where a client asked for it. */
  'session.closed': lazily(() => openObject({reason: z.string(), by})),
  /** A client has marked this place in the session: a chapter of a recording. */
  'session.marked': lazily(() => openObject({name: z.string(), by})),
  /** The host accepted and committed a prompt. `position` is its index in the queue; 0 runs next. */
  'prompt.queued': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      text: z.string(),
      position: wholeNumber(0),
      max_output_bytes: z.optional(maxOutputBytesSchema()),
      hold_on_failure: z.optional(z.boolean()),
      stdin: z.optional(stdinSchema()),
      plain: z.optional(z.boolean()),
      by,
    }),
  ),
  /** A waiting prompt has a new `text`, or a new `position` in the queue; 0 runs next, and is not held. */
  'prompt.updated': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      text: z.optional(z.string()),
      position: z.optional(wholeNumber(0)),
      by,
    }),
  ),
  /**
   * A command failed, and the prompts in the queue that were submitted with `hold_on_failure` wait until a user continues them.
   * `reason`: `interrupted` by a user, `failed`, `stopped` by Ctrl-Z, `exit-status-unknown`, `shell-exited`, `host-died`,
   * `host-ended`, `machine-gone`. `text`: the beginning of the command. Older hosts leave it out.
   */
  'queue.held': lazily(() =>
    openObject({
      reason: z.string(),
      text: z.optional(z.string()),
      /** Also the prompts without `hold_on_failure`: each may have begun on a machine that is gone. */
      all: z.optional(z.literal(true)),
    }),
  ),
  /** The prompts that were held run in their order. */
  'queue.continued': lazily(() => openObject({by})),
  /** The draft of the session changed. */
  'draft.updated': lazily(() => openObject({text: z.string(), by})),
  /** The agent asks a question and waits for the answer, `approval.answer`. */
  'approval.request': lazily(() => openObject(approvalSchema().shape)),
  /** A question was answered. `choice` is the id of the choice, `by` who made it: `user`, the `policy`, or the name of a client. */
  'approval.resolved': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      approval_id: z.string(),
      choice: z.string(),
      by: z.string(),
    }),
  ),
  /** The prompt starts to run, in the folder `cwd`. */
  'message.start': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      text: z.string(),
      cwd: z.optional(z.string()),
      /** In a session with a coding agent: the prompt is a command for the shell of that session. */
      in_shell: z.optional(z.literal(true)),
      /** The size of its terminal. Older hosts leave it out. */
      cols: z.optional(wholeNumber(1)),
      rows: z.optional(wholeNumber(1)),
      /** Who submitted it. */
      by,
    }),
  ),
  /**
   * The running prompt printed output. A code point is never split between two deltas. Of what a program draws on the
   * alternate screen, only the sequences that switch to it and back are here; `screen.drawn` has the rest.
   */
  'message.delta': lazily(() => openObject({prompt_id: idSchema(), ...output})),
  /**
   * The running program drew this on the alternate screen, in a session whose screens are recorded. The frames and
   * `message.delta`, in their order, are all that the program printed. `ago_ms`: how long before `at`. Only `session.events`
   * with `frames` has the frames: everybody else gets the event without them, for its `seq`.
   */
  'screen.drawn': lazily(() =>
    openObject({frames: z.optional(z.array(openObject({ago_ms: wholeNumber(0), ...output})))}),
  ),
  /**
   * From here on, the log leaves out what the running program draws, because it has drawn too much. With `bytes`: the program
   * has ended, and so much was left out.
   */
  'screen.elided': lazily(() => openObject({bytes: z.optional(wholeNumber(1))})),
  /** The terminal of the running program has another size, in a session whose screens are recorded. */
  'screen.resized': lazily(() => openObject({cols: wholeNumber(1), rows: wholeNumber(1)})),
  /** The log left out this many bytes of output, here, because the prompt reached `max_output_bytes`. */
  'output.elided': lazily(() => openObject({prompt_id: idSchema(), bytes: wholeNumber(1)})),
  /** The prompt ended. */
  'message.complete': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      status: z.enum(promptStatuses),
      /**
       * What the status alone does not say. With `interrupted`: `user`, `host-died`, `host-ended`, `machine-gone`. With `cancelled`:
       * `withdrawn`, `session-closed`. With `failed`: `folder-gone`, `incomplete-input`, `shell-killed`, or an error message.
       * With `complete`: `exit-status-unknown`; of a coding agent, why it stopped: `max_tokens`, `max_turn_requests`, `refusal`.
       * With `interrupted`: also `agent-died`.
       */
      reason: z.optional(z.string()),
      exit_code: z.optional(z.int()),
      /** Name of the signal that ended the shell. */
      signal: z.optional(z.string()),
      /**
       * The shell did not get all lines of the prompt, because of an interrupt or of a line that does not parse: it got
       * `lines_entered` of `lines_total`. Without `lines_entered`, it is unknown how many.
       */
      lines_entered: z.optional(wholeNumber(0)),
      lines_total: z.optional(wholeNumber(1)),
      /** The host ended the stdin of the command, because the client that brought it was gone for `stdinGoneMs`: it may be incomplete. */
      stdin_cut: z.optional(z.literal(true)),
      /** The folder of the shell after the prompt, where the prompt has changed it. */
      cwd: z.optional(z.string()),
      /** Left out where it is not known, because the host died before the prompt ended. */
      duration_ms: z.optional(z.number().check(z.minimum(0))),
      /** Who withdrew or interrupted it. */
      by,
    }),
  ),
  /** A client attached its terminal to the program. That terminal has shown the output between this and `attach.end`. */
  'attach.start': lazily(() => openObject({prompt_id: idSchema(), attach_id: z.string(), by})),
  /** The terminal is detached. */
  'attach.end': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      attach_id: z.string(),
      /**
       * `detached` by its client; `program-ended`; `taken-over` by another client; `client-gone`; `not-painted`: the host
       * could not load or paint the screen of the program.
       */
      reason: z.string(),
      duration_ms: z.number().check(z.minimum(0)),
    }),
  ),
  /**
   * The shell has ended, with its variables and functions. The next prompt starts a new one, in the folder of `session.info`.
   * Without an exit code and a signal, it ended with its host.
   */
  'shell.exited': lazily(() => openObject({exit_code: z.optional(z.int()), signal: z.optional(z.string())})),
  /** Background output: a job, or the shell itself, printed it while no prompt ran. */
  'background.output': lazily(() => openObject(output)),
  /** The log left out this many bytes of background output, here. */
  'background.elided': lazily(() => openObject({bytes: wholeNumber(1)})),
  /** Replaces an event that damage to the log destroyed. */
  'event.lost': lazily(() => openObject({})),
  /** A message of the host to the user. */
  note: lazily(() =>
    openObject({
      text: z.string(),
      level: z.enum(['info', 'warning']),
      by,
      /** For programs. `machine-gone`: another machine of the fleet has taken the session over, with all that its host knew lost. */
      reason: z.optional(z.string()),
    }),
  ),
  ...agentEventPayloads,
} as const

export type EventType = keyof typeof eventPayloads
export type EventPayload<T extends EventType> = z.infer<ReturnType<(typeof eventPayloads)[T]>>

/** An event before the log gave it a `seq` and a time. */
export type NewEvent = {[T in EventType]: {type: T; payload: EventPayload<T>}}[EventType]

/**
 * An event of a session's log. `seq` counts from 1 without a gap, for as long as the session exists. `at` is the time at
 * which the host committed the event, in epoch milliseconds.
 */
export type SessionEvent = {
  [T in EventType]: {type: T; session_id: string; seq: number; at: number; payload: EventPayload<T>}
}[EventType]

/** A logged event of a type that this version does not know, or whose payload it cannot read. Its `seq` counts all the same. */
export interface UnknownEvent {
  type: 'unknown'
  session_id: string
  seq: number
  at: number
}

/** A logged event as a client gets it. */
export type LoggedEvent = SessionEvent | UnknownEvent
