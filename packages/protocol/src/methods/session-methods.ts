import * as z from 'zod/mini'

import {boundedText} from '../bounded-text.ts'
import {hiddenAtSchema} from '../ephemeral-events.ts'
import {lazily} from '../lazily.ts'
import {maxPathBytes, maxProgramBytes} from '../limits.ts'
import {openObject} from '../open-object.ts'
import {sessionStateSchema} from '../session-state.ts'
import {sessionSummarySchema} from '../session-summary.ts'
import {tagsSchema} from '../tags.ts'
import {fitsBytes} from '../text-bytes.ts'
import {wholeNumber} from '../whole-number.ts'
import {cells, nothing, session} from './params.ts'

/** The words of a program: no system takes a NUL in them. */
const programWords = lazily(() =>
  z.array(z.string().check(z.regex(/^[^\0]*$/, 'Expected a word without NUL'))).check(
    z.minLength(1),
    z.maxLength(10_000),
    fitsTogether((words) => words),
  ),
)

const onlyProgram = 'Expected a `program`, an `agent` or a `shell`, not two of them'

const variables = lazily(() =>
  z
    .record(
      z.string().check(z.regex(/^[^=\0]+$/, 'Expected the name of a variable')),
      z.string().check(z.regex(/^[^\0]*$/, 'Expected a value without NUL')),
    )
    .check(fitsTogether((env) => Object.entries(env).flat())),
)

function fitsTogether<T>(textsOf: (value: T) => readonly string[]) {
  const error = `Expected at most ${maxProgramBytes} bytes together`
  return z.refine<T>((value) => fitsBytes(textsOf(value).join(''), maxProgramBytes), {error})
}

const title = () => z.string().check(z.maxLength(200, 'expected at most 200 characters'))

/** The envelope of a logged event. `parseEvent` parses the payload where a process uses it. */
const wireEvent = lazily(() => openObject({type: z.string(), session_id: z.string(), seq: z.int(), at: z.number()}))

const sessionPage = lazily(() =>
  openObject({
    sessions: z.array(sessionSummarySchema()),
    /** There is another page. */
    next: z.optional(z.string()),
    /** Sessions may be missing: names the machines of the fleet that did not answer. A sentence for users. */
    incomplete: z.optional(z.string()),
    /** The code of the error, where the fleet cannot be asked: what all other machines have is missing. */
    incomplete_code: z.optional(z.int()),
  }),
)

/** The methods that find, open, change and end sessions. */
export const sessionMethods = {
  /** Does nothing. An answer shows that the gateway is alive. */
  'gateway.ping': lazily(() => ({params: nothing(), result: nothing()})),
  /**
   * Creates a session. The answer comes after the session is on the disk. A repetition with the same `session_id` returns
   * the same answer and changes nothing, whatever the other params are, also when the session is closed by then. Fails with
   * `agentUnavailable` where there is no such shell, program or agent, with `folderNotFound` where there is no such directory.
   */
  'session.create': lazily(() => ({
    params: z
      .object({
        /** An id of the sender's own (`createSessionId`), so that it can repeat the request. @default made by the gateway */
        session_id: z.optional(session().shape.session_id),
        /**
         * The first directory: an absolute path, or one that starts with `~/`, the home directory of the user who runs the host.
         * @default that one
         */
        cwd: z.optional(boundedText(maxPathBytes).check(z.regex(/^(?:\/|~(?:\/|$))/, 'Expected an absolute path'))),
        /** @default the name of the directory */
        title: z.optional(title()),
        /** @default none */
        tags: z.optional(tagsSchema()),
        /** The name of a coding agent in the settings of the host. @default the session has a shell */
        agent: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
        /** Path of the shell, or its name on the host's `$PATH`. @default the login shell of the user */
        shell: z.optional(boundedText(maxPathBytes)),
        /**
         * A program, a path or a name on the host's `$PATH`, and its arguments: it runs instead of a shell, as the prompt
         * `programPromptId`, and the session ends with it. A session with it takes no other prompt. Not with `agent` or `shell`.
         */
        program: z.optional(programWords()),
        /** Variables for what runs in the session. The log keeps them. @default those of the host */
        env: z.optional(variables()),
        cols: z.optional(cells()),
        rows: z.optional(cells()),
        /**
         * The host closes the session when a prompt has ended and none waits, or a minute after nobody watches one that never got
         * a prompt. @default false
         */
        one_shot: z.optional(z.boolean()),
      })
      .check(
        z.refine(({program, agent, shell}) => program === undefined || (agent ?? shell) === undefined, onlyProgram),
      ),
    result: openObject({session_id: z.string()}),
  })),
  /**
   * Subscribes to the events of a session. After the answer, the gateway sends the events after `after_seq` in order and then
   * the live ones, without a gap or a repetition. A negative `after_seq` asks for that many of the last events, one beyond
   * `latest_seq` for live events only. `cols`, `rows`: as `session.resize`. Another call replaces the subscription. `state` is the state after event `latest_seq`.
   */
  'session.resume': lazily(() => ({
    params: z.extend(session(), {
      after_seq: z.int(),
      /** The time of event `after_seq`, if the client has seen it: in a fleet, another event may be in its place. */
      after_at: z.optional(z.number()),
      cols: z.optional(cells()),
      rows: z.optional(cells()),
    }),
    result: openObject({state: sessionStateSchema(), latest_seq: z.int(), hidden_at: z.optional(hiddenAtSchema())}),
  })),
  /**
   * Ends the subscription of this client, and detaches its terminal. The session keeps running. `is_behind` (default false): the client
   * still looks and stays attached, but reads too slowly, and resumes when it has caught up; for gateways.
   */
  'session.leave': lazily(() => ({
    params: z.extend(session(), {is_behind: z.optional(z.boolean())}),
    result: nothing(),
  })),
  /**
   * Lists the sessions. A page has about `maxPageBytes`, 8 MiB, which is more than 20,000 sessions of a usual length; the
   * sessions in it come in the order of their last use. Needs no host.
   */
  'session.list': lazily(() => ({
    params: z.object({
      /** For the next page: the `next` of this one. @default the first page */
      after: z.optional(z.string()),
    }),
    result: sessionPage(),
  })),
  /**
   * Sends the client a `session.changed` for each session that changes from now on, also for new ones, and a `session.deleted` for
   * each that is deleted. The answer is the first page of `session.list`. It follows the hosts of at most `maxOpenSessions`
   * sessions, the last used ones. Another call starts anew.
   */
  'sessions.watch': lazily(() => ({params: nothing(), result: sessionPage()})),
  /** Ends `sessions.watch`. */
  'sessions.unwatch': lazily(() => ({params: nothing(), result: nothing()})),
  /**
   * Answers with the summary of a session as its host knows it; without one while the session is being created. `watch`: the host
   * sends a `session.changed` for each change from now on, at most 10 a second; where only `latest_seq` changes, one a second.
   */
  'session.summary': lazily(() => ({
    params: z.extend(session(), {watch: z.optional(z.boolean())}),
    result: openObject({summary: z.optional(sessionSummarySchema())}),
  })),
  /**
   * Finds the lines of titles, prompts, notes and output, and of what a coding agent thinks and does, that contain all `words`, in
   * any order and case. Sessions come in the order of their last use, up to about `maxPageBytes`, 8 MiB. Reads the logs; needs no host.
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
      /** As in a list of sessions. */
      incomplete: z.optional(z.string()),
      incomplete_code: z.optional(z.int()),
    }),
  })),
  /** Renames a session. The answer has the title as the host stored it: on one line. */
  'session.title': lazily(() => ({
    params: z.extend(session(), {title: title()}),
    result: openObject({title: z.string()}),
  })),
  /**
   * Adds and removes tags, and answers with those that the session has then. An older host fails with `methodNotFound`.
   * Fails with `notAllowed` where there would be more than `maxTags`.
   */
  'session.tag': lazily(() => ({
    params: z.extend(session(), {add: z.optional(tagsSchema()), remove: z.optional(tagsSchema())}),
    result: openObject({tags: z.array(z.string())}),
  })),
  /**
   * Writes a `session.marked` to the log, after the output so far, and answers with its `seq`, and with the name as the host stored
   * it: on one line. Fails with `notAllowed` for a name without a visible character.
   */
  'session.mark': lazily(() => ({
    params: z.extend(session(), {name: title()}),
    result: openObject({name: z.string(), seq: z.int()}),
  })),
  /**
   * Says where the session's shell keeps its own history, as its settings are now; waits for a shell that is starting. Without
   * a `path`, it keeps none, or it is a shell without hooks.
   */
  'session.history-file': lazily(() => ({
    params: session(),
    result: openObject({
      /** The kind of the file: `bash`, `zsh` or `fish`. */
      format: z.optional(z.string()),
      path: z.optional(z.string()),
    }),
  })),
  /** Deletes the log of a session, and all else that is kept of it. Fails with `notAllowed` while a host runs it. */
  'session.delete': lazily(() => ({params: session(), result: nothing()})),
  /**
   * Reads a page of the log, in order. With only `before_seq`, the page ends before that event; otherwise it starts with the
   * first event after `after_seq` (default 0). A page has at most `limit` events (default 1000) and about 1 MiB, but at least
   * one event where there is one. Needs no host, and reads closed sessions. `types`: leaves out events of other types; an older
   * gateway leaves out none, and nobody does in a damaged log. `frames`: `screen.drawn` comes with its frames (default false).
   */
  'session.events': lazily(() => ({
    params: z.extend(session(), {
      types: z.optional(z.array(z.string().check(z.maxLength(100))).check(z.maxLength(100))),
      after_seq: z.optional(wholeNumber(0)),
      before_seq: z.optional(wholeNumber(1)),
      limit: z.optional(wholeNumber(1, 10_000)),
      frames: z.optional(z.boolean()),
    }),
    result: openObject({events: z.array(wireEvent()), latest_seq: z.int()}),
  })),
  /** Closes the session and ends all that runs in it. The log stays. `closed: false`: it was closed before. */
  'session.close': lazily(() => ({params: session(), result: openObject({closed: z.boolean()})})),
} as const
