import * as z from 'zod/mini'

import {hiddenAtSchema, programInputSchema} from '../ephemeral-events.ts'
import {boundedText} from '../bounded-text.ts'
import {idSchema} from '../id-schema.ts'
import {lazily} from '../lazily.ts'
import {openObject} from '../open-object.ts'
import {wholeNumber} from '../whole-number.ts'
import {screenSnapshotSchema} from '../screen-snapshot.ts'
import {cells, nothing, session} from './params.ts'

/**
 * When input may be typed. `reads`: the program waits for input at its terminal, and has read the line that was typed last.
 * `hidden`: so it does, and its terminal's echo is off. `key`: so it does for a key, which its terminal shows.
 */
const inputConditionSchema = lazily(() => z.enum(['reads', 'hidden', 'key']))
export type InputCondition = z.infer<ReturnType<typeof inputConditionSchema>>

/**
 * Why input was not typed. `not-running`: the program has not started. `not-reading`: it does something else than to read its
 * terminal. `echo`: its terminal shows what is typed. `by-line`: it reads a line. `by-key`: it reads key by key, and may show the keys itself. `unknown`:
 * the host cannot know.
 */
const inputObstacleSchema = lazily(() => z.enum(['not-running', 'not-reading', 'echo', 'by-line', 'by-key', 'unknown']))
export type InputObstacle = z.infer<ReturnType<typeof inputObstacleSchema>>

/** The longest wait for the next snapshot, ms; a client that waits longer asks again. */
export const maxSnapshotWaitMs = 20_000

/** The most rows above the screen that a snapshot has. */
export const maxScrollback = 1000

/** The longest word of `session.keys`, bytes: a text that is typed as it is. */
const maxKeyBytes = 16_384

/** The longest text of `session.paste`, bytes. */
export const maxPasteBytes = 512 * 1024

/**
 * The version of the screen at the moment at which the program got its input or its signal: with it as `after`, `screen.snapshot` answers
 * with what the program has printed since.
 */
const sent = lazily(() => openObject({screen_version: z.optional(z.int())}))

/** The methods for the program that runs in a session, and its terminal. */
export const programMethods = {
  /**
   * Types bytes into the running program. With `prompt_id`, fails with `notAllowed` where another prompt runs by now, so that
   * late input does not reach the wrong program; without it, only where nothing runs. A client must not repeat it: the
   * program could read the bytes twice. With `when`, nothing is typed unless the condition holds at this moment; then the
   * result has the reason, and the client may repeat it. `drives`: no user types it, so that a recording begins, as by `session.keys`.
   */
  'session.input': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: z.optional(idSchema()),
      text: z.optional(z.string()),
      base64: z.optional(z.string()),
      when: z.optional(inputConditionSchema()),
      drives: z.optional(z.boolean()),
    }),
    result: z.extend(sent(), {not_typed: z.optional(inputObstacleSchema())}),
  })),
  /**
   * Presses keys, as a terminal sends them in the modes that the program has set: names such as `Enter`, `Down`, `C-c`, `ctrl+c`, `M-x`,
   * `F5`; a word that names no key is typed as it is. With `prompt_id`, as `session.input`. A client must not repeat it. Fails
   * with `notAllowed` where nothing runs, and with `invalidParams` for a mistyped name, such as `Entr`, and for a combination
   * that no terminal sends, such as `ctrl+1`.
   */
  'session.keys': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: z.optional(idSchema()),
      keys: z.array(boundedText(maxKeyBytes)).check(z.minLength(1), z.maxLength(1000)),
    }),
    result: sent(),
  })),
  /**
   * Pastes a text into the running program, as a terminal does: with the marks of bracketed paste if the program has asked for them, and
   * with Enter for each line end. In a bracketed paste, an escape character that would begin its end mark is sent as `␛`. With `prompt_id`,
   * as `session.input`. A client must not repeat it. Fails with `notAllowed` where nothing runs.
   */
  'session.paste': lazily(() => ({
    params: z.extend(session(), {
      prompt_id: z.optional(idSchema()),
      text: boundedText(maxPasteBytes),
    }),
    /** `bracketed`: the program had asked for bracketed paste. */
    result: z.extend(sent(), {bracketed: z.boolean()}),
  })),
  /**
   * Answers with what the terminal of the running program shows, after all of its output so far. With `after`, the `version` of an
   * earlier snapshot, the answer comes when that has changed, or after `wait_ms`. With `scrollback`, also up to that many of the rows
   * that have scrolled off the top of the normal screen. Fails with `notAllowed` where nothing runs.
   */
  'screen.snapshot': lazily(() => ({
    params: z.extend(session(), {
      after: z.optional(z.int()),
      wait_ms: z.optional(wholeNumber(0, maxSnapshotWaitMs)),
      scrollback: z.optional(wholeNumber(0, maxScrollback)),
    }),
    result: screenSnapshotSchema(),
  })),
  /**
   * Looks at what the running program reads at this moment; a change also comes as `session.activity`, before the answer. Where
   * nothing runs, `input` is `none`. A client calls this when a user begins to type while a program runs: a key that was typed
   * after an answer with one `hidden_at` and before an answer with the same one was typed while the terminal showed it.
   */
  'session.look': lazily(() => ({
    params: session(),
    result: openObject({input: programInputSchema(), hidden_at: hiddenAtSchema()}),
  })),
  /**
   * Tells the size of the client's screen, from which that of the terminal follows: see docs/protocol.md. A client that has not resumed
   * the session sets the size of the terminal, unless a client is attached.
   */
  'session.resize': lazily(() => ({
    params: z.extend(session(), {cols: cells(), rows: cells()}),
    result: nothing(),
  })),
  /**
   * Attaches the client's terminal to the running program: `attach.output` brings the whole screen, then what the program
   * prints. The log keeps the output of the normal screen, too, between `attach.start` and `attach.end`. Keys go through `session.input`. Detaches another client that is attached. The client must have resumed the
   * session. Fails with `notAllowed` where nothing runs.
   */
  'attach.start': lazily(() => ({
    params: z.extend(session(), {
      /** An id of the sender's own. A call with the same id again repaints the screen. */
      attach_id: idSchema(),
      cols: cells(),
      rows: cells(),
      /**
       * The terminal shows the output of the normal screen already, up to the event `attach.start`: in place of the whole
       * screen, the first `attach.output` has only the modes that the program has set, and the alternate screen if it has
       * switched to that. A repeated call paints the whole screen all the same. @default false
       */
      in_place: z.optional(z.boolean()),
      /**
       * The program waits for this client, as for a terminal, so that the client gets all output: while more than
       * `attachWindowBytes` of it are not confirmed by `attach.taken`. Else a client that does not read misses output, and gets
       * the whole screen when it reads again. @default false
       */
      lossless: z.optional(z.boolean()),
    }),
    result: openObject({prompt_id: z.string()}),
  })),
  /** Confirms output of a lossless attachment: `bytes` of it, decoded, since its first `attach.start`. */
  'attach.taken': lazily(() => ({
    params: z.extend(session(), {attach_id: idSchema(), bytes: z.int().check(z.nonnegative())}),
    result: nothing(),
  })),
  /** Detaches the terminal; the program keeps running. `ended: false`: it was not attached, or no longer. */
  'attach.end': lazily(() => ({
    params: z.extend(session(), {attach_id: idSchema()}),
    result: openObject({ended: z.boolean()}),
  })),
  /**
   * Sends a signal to the foreground process group of the terminal, while a command runs: to the program, all parts of a pipeline, or
   * the shell itself where that runs the command, as in a loop of builtins. `signal` is a name such as `TERM` or `SIGINT`, in any case,
   * or a number of the host's system. A client must not repeat it. Fails with `notAllowed` where nothing runs, where what runs has no
   * terminal or belongs to another user, and on other systems than Linux; and with `invalidParams` where there is no such signal.
   */
  'session.signal': lazily(() => ({
    params: z.extend(session(), {
      /** Signals only the program of this prompt. @default whichever runs */
      prompt_id: z.optional(idSchema()),
      signal: z.string().check(z.minLength(1), z.maxLength(32)),
    }),
    /** The name of the signal, such as `SIGTERM`. */
    result: z.extend(sent(), {signal: z.string()}),
  })),
  /** Sends Ctrl-C to the running program. `interrupted: false`: nothing ran. A client must not repeat it. */
  'session.interrupt': lazily(() => ({
    params: z.extend(session(), {
      /** Interrupts only this prompt. @default whichever runs */
      prompt_id: z.optional(idSchema()),
    }),
    result: openObject({interrupted: z.boolean()}),
  })),
} as const
