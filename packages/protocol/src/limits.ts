/**
 * The bounds of what one session holds and of what one peer may cost. Bytes of a text are those that it takes in a message,
 * JSON escapes included (`textBytes`). docs/limits.md shows what they add up to.
 */

/** The longest message in either direction, bytes. */
export const maxMessageBytes = 32 * 1024 * 1024

/** What may wait for one peer to read it, bytes; a single message may be larger. */
export const maxPeerQueueBytes = 32 * 1024 * 1024

/** Requests of one peer that may be in work at a time; one more is refused with -32000. */
export const maxPeerRequests = 1000

/** The same requests together, bytes: about. A single one may be larger. */
export const maxPeerRequestBytes = 16 * 1024 * 1024

/** The requests in work of all clients of one gateway process together, bytes: about. One more is refused with -32000. */
export const maxRequestBytes = 256 * 1024 * 1024

/** Messages that have arrived in part, bytes, over all peers of one process. One too many costs the stalled peer its connection. */
export const maxUnfinishedBytes = 64 * 1024 * 1024

/** What may wait to be read, bytes, over all peers of one process. Beyond it, the peer with the most loses its connection. */
export const maxUnreadBytes = 128 * 1024 * 1024

/** The most clients of one `holdfast serve`. */
export const maxClients = 256

/** The most peers of one host: a gateway has one connection to it for each client that opened the session. */
export const maxHostPeers = 320

/** How many viewers of a session `session.viewers` names; it counts more. */
export const maxNamedViewers = 16

/** How many sessions one client may watch, or have requests at. */
export const maxOpenSessions = 64

/** The longest prompt, bytes. A longer one is rejected as invalid params. */
export const maxPromptBytes = 4 * 1024 * 1024

/** How many prompts may wait in one session. The next one is rejected with `notAllowed`. */
export const maxQueuedPrompts = 256

/** The waiting prompts of one session together, bytes. One too many is rejected with `tooLarge`. */
export const maxQueueBytes = 8 * 1024 * 1024

/** The longest draft, bytes. */
export const maxDraftBytes = 1024 * 1024

/** The open questions of an agent together, bytes: titles, choices and ids. The agent gets an error for one too many. */
export const maxApprovalBytes = 1024 * 1024

/** One event of a coding agent, bytes: about. Of a larger one, the content of the tool is left out, and counted. */
export const maxAgentEventBytes = 1024 * 1024

/** The settings and commands that an agent offers, bytes. Of more, the commands are left out, then the options. */
export const maxAgentSettingsBytes = 256 * 1024

/** How many commands may share their output with the next prompt of a coding agent; of more, the first are left out. */
export const maxSharedCommands = 16

/** The last bytes of the output of each of them that the agent gets. */
export const maxSharedBytes = 64 * 1024

/** The longest text that is completed, bytes: what is before the cursor, without what is farther away. */
export const maxCompletedBytes = 64 * 1024

/** The longest path of a folder or a shell, bytes. */
export const maxPathBytes = 16 * 1024

/** The words of the one program of a session together, bytes; and its variables together. */
export const maxProgramBytes = 64 * 1024

/** The largest answer to `session.resume`, bytes: the sum of the bounds above, with room for ids and other short fields. */
export const maxStateBytes = 15 * 1024 * 1024

/** A page of `session.list`, and the answer to `session.search`, bytes: about. */
export const maxPageBytes = 8 * 1024 * 1024

/** Lists, searches and histories that a gateway reads at a time for one client; more wait. Each result may have `maxPageBytes`. */
export const maxLongReads = 4

/** The same for all clients of one process together. */
export const maxLongReadsTogether = 16

/** The most columns of a terminal. A host uses as many of a wider one. */
export const maxColumns = 1000

/** The most cells of a terminal: a host uses as many rows of a larger one as fit. */
export const maxCells = 160_000

/** The first bytes of a prompt's output that the log keeps, where the prompt sets no `max_output_bytes` of its own. */
export const defaultMaxOutputBytes = 64 * 1024 * 1024

/** The first bytes that a prompt draws on the alternate screen that the log keeps, in a session whose screens are recorded. */
export const defaultMaxDrawnBytes = 16 * 1024 * 1024

/** The first bytes of the background output between two prompts that the log keeps. */
export const maxBackgroundOutputBytes = 8 * 1024 * 1024

/** The first bytes of the output of a command of a coding agent that the log keeps. */
export const maxTerminalOutputBytes = 8 * 1024 * 1024

/** The last bytes of an output that the log keeps beyond the first ones; `output.elided` counts what is between the two. */
export const tailOutputBytes = 1024 * 1024

/** How long the host waits for the command to read more of its stdin before it answers that it has taken less, ms. */
export const stdinWaitMs = 5000

/** How long after the connection of the client was lost the stdin that it brought ends, ms. */
export const stdinGoneMs = 60_000

/** How much output of a lossless attachment may be under way before the program waits, bytes. */
export const attachWindowBytes = 512 * 1024
