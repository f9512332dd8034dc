import * as z from 'zod/mini'

import {boundedText} from '../bounded-text.ts'
import {hiddenAtSchema, programInputSchema} from '../ephemeral-events.ts'
import {maxOutputBytesSchema, promptStatuses, stdinSchema} from '../events.ts'
import {idSchema} from '../id-schema.ts'
import {lazily} from '../lazily.ts'
import {maxCompletedBytes, maxDraftBytes, maxPromptBytes} from '../limits.ts'
import {openObject} from '../open-object.ts'
import {wholeNumber} from '../whole-number.ts'
import {nothing, session} from './params.ts'

const promptText = () => boundedText(maxPromptBytes).check(z.minLength(1))

const historyEntry = lazily(() =>
  openObject({
    text: z.string(),
    /** When it last ran, epoch milliseconds; a shell may not know. */
    at: z.optional(z.number()),
    /** The session in which it ran; left out for a command that only the shell's own history has. */
    session_id: z.optional(z.string()),
    /** The folder in which it started. */
    cwd: z.optional(z.string()),
    /** How it ended; left out while it runs. */
    status: z.optional(z.enum(promptStatuses)),
    exit_code: z.optional(z.int()),
    /** See `message.complete`. */
    reason: z.optional(z.string()),
  }),
)

const completionCandidate = lazily(() =>
  openObject({
    /** The word as it is written in a command line. */
    insert: z.string(),
    /** What follows it where nothing is added to the word, such as a space. */
    suffix: z.string(),
    label: z.string(),
    description: z.optional(z.string()),
  }),
)
export type CompletionCandidate = z.infer<ReturnType<typeof completionCandidate>>

/** The methods for prompts, drafts and questions. */
export const promptMethods = {
  /**
   * Submits a prompt. The answer comes after the prompt is on the disk, not when it has run. A repetition with the same
   * `prompt_id` runs nothing: its answer has the status of the first. A client that lost an answer repeats the request, and
   * the prompt still runs at most once. Fails with `notAllowed` where `maxQueuedPrompts` wait, and with `tooLarge` where they
   * would be longer than `maxQueueBytes`. With `hidden_at`, the one that the client knew when the user typed the first key of the text, fails with
   * `maybeSecret` where the echo of a program was seen off since then, also at this moment. With `if_input`, fails with
   * `inputChanged` where the running program reads something else at this moment.
   */
  'prompt.submit': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: idSchema(),
      text: promptText(),
      /** How much of the output the log keeps, bytes; `null` keeps all. @default defaultMaxOutputBytes, 64 MiB */
      max_output_bytes: z.optional(maxOutputBytesSchema()),
      /**
       * Where a command before this prompt fails, is interrupted, or loses its shell or host, the prompt is held until a user
       * continues the queue. For prompts of users, not of programs. @default false
       */
      hold_on_failure: z.optional(z.boolean()),
      /** @default the terminal of the session */
      stdin: z.optional(stdinSchema()),
      /**
       * For output that no terminal shows: the prompt gets `PAGER=cat`, `GIT_PAGER=cat`, `TERM=dumb`, `NO_COLOR=1` and empty
       * `LS_COLORS` and `COLORTERM`, in a shell with hooks. @default false
       */
      plain: z.optional(z.boolean()),
      hidden_at: z.optional(hiddenAtSchema()),
      if_input: z.optional(programInputSchema()),
    }),
    result: openObject({
      prompt_id: z.string(),
      status: z.enum(['queued', 'running', ...promptStatuses]),
    }),
  })),
  /**
   * Brings the next bytes of the stdin of the running prompt, which was submitted with `stdin: 'pipe'`. Answers with the number
   * of bytes that the host has taken from the beginning, when it has taken these, or after `stdinWaitMs`: then the client repeats
   * the rest. Bytes before `offset` that the host lacks are an error, `notAllowed`; those that it has are dropped, so that a
   * repetition is harmless. Where no client brings anything for `stdinGoneMs` after the connection of the last one was lost, the
   * stdin ends, and `message.complete` says `stdin_cut`. Fails with `notAllowed` where the prompt does not run, has no such stdin,
   * or bytes come after the end.
   */
  'prompt.stdin': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: idSchema(),
      /** How many bytes came before these. */
      offset: wholeNumber(0),
      text: z.optional(z.string()),
      base64: z.optional(z.string()),
      /** No bytes follow. @default false */
      end: z.optional(z.boolean()),
    }),
    result: openObject({taken: wholeNumber(0)}),
  })),
  /**
   * Whether a text is an unfinished command, such as one with an open quote, of which the agent would ask for more lines. Runs
   * nothing, and stores nothing. `incomplete: false` also where that is not known within 0.3 s. No need to ask where
   * `mayBeIncomplete(text)` is false. `continuation`: what the shell shows before the next line, such as `> `.
   */
  'prompt.check': lazily(() => ({
    params: z.extend(session(), {text: promptText()}),
    result: openObject({incomplete: z.boolean(), continuation: z.optional(z.string())}),
  })),
  /**
   * Finds what can replace the word at the end of a text, which is what the user has typed up to the cursor. The agent's own shell
   * completes, in another process; nothing runs in the shell of the session, and nothing is stored. Answers within about 0.3 s:
   * `is_partial` says that these are only paths because the shell is not ready yet, and that the same request may give more. With
   * an empty text, there are no candidates, but the agent prepares for the next request.
   */
  'prompt.complete': lazily(() => ({
    params: z.extend(session(), {text: boundedText(maxCompletedBytes)}),
    result: openObject({
      /** The index in the text, in UTF-16 units, from which on a candidate replaces it. */
      start: wholeNumber(0),
      /** Sorted, at most 500. */
      candidates: z.array(completionCandidate()),
      /** What all candidates begin with, as `insert` has it. */
      common: z.string(),
      /** How many candidates there are. */
      total: wholeNumber(0),
      is_partial: z.boolean(),
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
  /** Moves a waiting prompt to the front of the queue; it runs next, even if a command before it fails. `promoted: false`: it has started, or there is none with this id. */
  'prompt.promote': lazily(() => ({
    params: z.extend(session(), {prompt_id: idSchema()}),
    result: openObject({promoted: z.boolean()}),
  })),
  /** Lets the prompts of the queue that are held run. `continued: false`: none is held. */
  'queue.continue': lazily(() => ({
    params: session(),
    result: openObject({continued: z.boolean()}),
  })),
  /**
   * Lists the prompts that have run, over all sessions, the newest first, each text once. With a `session_id`, also the commands
   * in the history file of that session's shell; those without a time come after all that have one. A page has at most `limit`
   * prompts and about 1 MiB of text; it leaves out texts longer than 65,536 UTF-16 units, texts that begin with a blank, and the
   * old part of very long logs and files. Reads the logs; without a `session_id`, it needs no host.
   */
  'prompt.history': lazily(() => ({
    params: z.object({
      /** A session that the client has open. @default the history of no shell */
      session_id: z.optional(session().shape.session_id),
      /** @default 100 */
      limit: z.optional(wholeNumber(1, 1000)),
      /** For the next page: the `next` of this one. @default the first page */
      before: z.optional(z.number()),
    }),
    result: openObject({
      prompts: z.array(historyEntry()),
      /** Older prompts may exist. */
      next: z.optional(z.number()),
    }),
  })),
  /**
   * Stores the draft of the session: text that the user typed but did not submit. The answer comes after it is on the disk.
   * `stored: false`: nothing was stored, because the text may be a secret: a program runs, and its echo is off, or was
   * seen off since the user typed the first key (`hidden_at`, as in `prompt.submit`). An empty draft is always stored.
   */
  'draft.set': lazily(() => ({
    params: z.extend(session(), {text: boundedText(maxDraftBytes), hidden_at: z.optional(hiddenAtSchema())}),
    result: openObject({stored: z.boolean()}),
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
