import * as z from 'zod/mini'

import {idSchema} from './id-schema.ts'
import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'
import {wholeNumber} from './whole-number.ts'

/** How the permission questions of one kind of tool are answered: by the user, or without asking. */
export const policyAnswers = ['ask', 'allow', 'reject'] as const
export type PolicyAnswer = (typeof policyAnswers)[number]

/** Answers by the kind of the tool, such as `edit` or `execute`. A kind that is not in it is asked. */
export const policySchema = lazily(() => z.record(z.string(), z.enum(policyAnswers)))
export type PermissionPolicy = z.infer<ReturnType<typeof policySchema>>

/** Content as the Agent Client Protocol has it: its `type` says which other keys there are. */
const content = lazily(() => openObject({type: z.string(), text: z.optional(z.string())}))

/** One choice of a setting, such as a mode or a model. */
const choice = lazily(() => openObject({id: z.string(), name: z.string(), description: z.optional(z.string())}))

/** One of several choices. */
const setting = lazily(() => openObject({current: z.string(), choices: z.array(choice())}))

/** What the user can set at the agent, and what it offers. `by`, the client that has set something, is in the event only, not in the state. */
export const agentSettingsSchema = lazily(() =>
  openObject({
    mode: z.optional(setting()),
    model: z.optional(setting()),
    /** Other settings of the agent. */
    options: z.optional(
      z.array(
        openObject({
          id: z.string(),
          name: z.string(),
          value: z.optional(z.union([z.string(), z.boolean()])),
          choices: z.optional(z.array(choice())),
        }),
      ),
    ),
    /** Commands that the agent takes as a prompt: `/name`. */
    commands: z.optional(z.array(openObject({name: z.string(), description: z.string()}))),
    by: z.optional(z.string()),
  }),
)
export type AgentSettings = z.infer<ReturnType<typeof agentSettingsSchema>>

/** What brings the agent's own session back. */
export const agentSessionSchema = lazily(() =>
  openObject({
    /** The agent's id of its session. */
    id: z.string(),
    /** The folder in which it was made: the agent finds it by that. */
    cwd: z.string(),
    /** How many prompts the agent was sent in it. */
    prompts: wholeNumber(0),
  }),
)

const authMethod = lazily(() =>
  openObject({
    id: z.string(),
    name: z.string(),
    description: z.optional(z.string()),
    /** The user logs in by running the agent in a terminal with these arguments in addition. */
    args: z.optional(z.array(z.string())),
  }),
)

/** Why no agent answers at the moment, until the user does something about it. */
export const agentUnavailableSchema = lazily(() =>
  openObject({
    /**
     * `gave-up`: it died or failed to start again and again. `not-restored`: it does not bring its session back, or took too
     * long. `login-required`: the user has to log in first, by one of `auth_methods`.
     */
    reason: z.enum(['gave-up', 'not-restored', 'login-required']),
    /** What the agent, or the attempt to start it, said. */
    error: z.optional(z.string()),
    auth_methods: z.optional(z.array(authMethod())),
  }),
)

/** `tool_call_id` and what is known of the tool; in an update, what has changed. */
const tool = {
  prompt_id: idSchema(),
  tool_call_id: z.string(),
  title: z.optional(z.string()),
  /** `read`, `edit`, `delete`, `move`, `search`, `execute`, `think`, `fetch`, or another one. */
  kind: z.optional(z.string()),
  /** `pending`, `in_progress`, `completed` or `failed`, as the agent says. `unknown`: it was cut short. `not_run`: nobody had allowed it. */
  status: z.optional(z.string()),
  /** `content` with a content, `diff` with `path`, `oldText` and `newText`, `terminal` with a `terminalId`. Replaces what was there. */
  content: z.optional(z.array(openObject({type: z.string()}))),
  locations: z.optional(z.array(openObject({path: z.string(), line: z.optional(z.number())}))),
  raw_input: z.optional(z.unknown()),
  raw_output: z.optional(z.unknown()),
  /** Bytes that were left out of content, input and output, because the event would have been too large. */
  elided_bytes: z.optional(wholeNumber(1)),
}

/** The events of a session with a coding agent, beside those that all sessions have. `message.delta` is what the agent says. */
export const agentEventPayloads = {
  /** The agent thinks aloud. */
  'thought.delta': lazily(() => openObject({prompt_id: idSchema(), text: z.string()})),
  /** A part of the agent's message that is not text, such as an image or a link to a file. */
  'message.content': lazily(() => openObject({prompt_id: idSchema(), content: content()})),
  /** The agent calls a tool. */
  'tool.call': lazily(() => openObject(tool)),
  /** What has changed of a tool that the agent called. */
  'tool.update': lazily(() => openObject(tool)),
  /** The plan of the agent; replaces the one before. */
  'plan.updated': lazily(() =>
    openObject({
      prompt_id: idSchema(),
      entries: z.array(openObject({content: z.string(), priority: z.string(), status: z.string()})),
    }),
  ),
  /** The agent does not wait for the answer to a question any more: it is gone, or took the question back. */
  'approval.withdrawn': lazily(() => openObject({prompt_id: idSchema(), approval_id: idSchema(), reason: z.string()})),
  /** The answers that the user has set for this session. */
  'agent.policy': lazily(() => openObject({policy: policySchema(), by: z.optional(z.string())})),
  /** The agent's own session, whenever it changes: before a prompt is sent, `prompts` counts it. */
  'agent.session': agentSessionSchema,
  /** Replaces the settings before. */
  'agent.settings': agentSettingsSchema,
  /** Tokens in the context of the model, and how many it can hold. */
  'agent.usage': lazily(() =>
    openObject({
      used: z.number(),
      size: z.number(),
      cost: z.optional(openObject({amount: z.number(), currency: z.string()})),
    }),
  ),
  /** The agent runs, with its session. */
  'agent.ready': lazily(() =>
    openObject({
      name: z.optional(z.string()),
      version: z.optional(z.string()),
      /** Its process, and the leader of its process group. */
      pid: z.optional(z.int()),
      /** `new`: it knows nothing of what was said before. */
      by: z.enum(['new', 'resume', 'load']),
      /** Prompts of ours that it did not replay: it may have forgotten them. */
      missing: z.optional(wholeNumber(1)),
    }),
  ),
  /** The agent has exited. `requested`: the host ended it, because it was idle, or as the user wanted; `by`: for this client. */
  'agent.exited': lazily(() =>
    openObject({
      requested: z.optional(z.literal(true)),
      /** How it ended, with the last line that it wrote to stderr. */
      reason: z.string(),
      /** What it left running. */
      survivors: z.optional(z.array(openObject({pid: z.int(), program: z.string()}))),
      by: z.optional(z.string()),
    }),
  ),
  'agent.unavailable': agentUnavailableSchema,
  /** A command runs in a terminal of the host for the agent. */
  'terminal.started': lazily(() => openObject({terminal_id: z.string(), command: z.string(), cwd: z.string()})),
  /** It printed output: `text`, or `base64`. */
  'terminal.output': lazily(() =>
    openObject({terminal_id: z.string(), text: z.optional(z.string()), base64: z.optional(z.string())}),
  ),
  /** The log left out this many bytes of its output, here. */
  'terminal.elided': lazily(() => openObject({terminal_id: z.string(), bytes: wholeNumber(1)})),
  'terminal.exited': lazily(() =>
    openObject({terminal_id: z.string(), exit_code: z.optional(z.int()), signal: z.optional(z.string())}),
  ),
  /** The agent wrote a file through the host. */
  'file.written': lazily(() => openObject({path: z.string()})),
  /** What the command of this prompt printed goes to the agent with the next prompt. */
  'prompt.shared': lazily(() => openObject({prompt_id: idSchema()})),
  /** An update of a kind that the host does not know, as it came. */
  'agent.update': lazily(() => openObject({update: z.record(z.string(), z.unknown())})),
  /** Something that the agent did wrong, and that did no harm. For those who look for a fault in an agent: not shown. */
  'agent.diagnostic': lazily(() => openObject({about: z.string(), message: z.string()})),
} as const
