import type {Environment} from './environment.ts'

/** Something that is wrong, and what to do about it. */
export interface Problem {
  what: string
  todo: string
}

const neededNode = 24
/** A Unix socket's path may have 104 bytes on macOS, 108 on Linux, its end included. */
const maxSocketPathBytes = 103
const lowDiskBytes = 100 * 1024 * 1024

/** What is wrong in an environment, the worst first. */
export function findProblems({node, home, shell, hosts, sockets, strays, unreadable}: Environment): Problem[] {
  const problems: (Problem | false)[] = [
    Number.parseInt(node, 10) < neededNode && {
      what: `Node ${node} is too old`,
      todo: `install Node ${neededNode} or newer from nodejs.org`,
    },
    home.state === 'not-a-folder' && {
      what: `${home.path} is not a folder`,
      todo: 'remove what is there, or set HOLDFAST_HOME to another folder',
    },
    home.state === 'not-writable' && {
      what: `${home.path} cannot be written`,
      todo: `make it yours (\`chown -R "$USER" ${home.path}\`), or set HOLDFAST_HOME to another folder`,
    },
    home.socketPathBytes > maxSocketPathBytes && {
      what: `${home.path} is too long a path for sockets: ${home.socketPathBytes} bytes, ${maxSocketPathBytes} are possible`,
      todo: 'set HOLDFAST_HOME to a shorter path',
    },
    home.isOnNetwork && {
      what: `${home.path} is on a network file system, where locks and logs cannot be relied on`,
      todo: 'set HOLDFAST_HOME to a folder on a local disk',
    },
    home.isOpenToOthers && {
      what: `${home.path} is open to other users`,
      todo: `close it: \`chmod 700 ${home.path}\``,
    },
    home.freeBytes !== undefined &&
      home.freeBytes < lowDiskBytes && {
        what: `only ${Math.floor(home.freeBytes / 1024 / 1024)} MiB are free for ${home.path}`,
        todo: 'make room: what cannot be written down is not accepted',
      },
    shell.used === undefined && {
      what: 'no shell is found that a session can use',
      todo: 'install bash, or set SHELL to one',
    },
    ...hosts
      .filter(({socket}) => socket !== 'answers')
      .map(({session, pid, socket}) => ({
        what: `the host of session ${session} (pid ${pid}) ${socket === 'deaf' ? 'does not answer' : 'cannot be reached'}`,
        todo: `let it go on if it is stopped (\`kill -CONT ${pid}\`), else end it (\`kill -9 ${pid}\`); the session stays, what runs in it is lost`,
      })),
    ...hosts.flatMap(({session, pid, mismatch}) =>
      mismatch === undefined
        ? []
        : {
            what: `the host of session ${session} (pid ${pid}) cannot be talked to: ${mismatch}`,
            todo: `use the version of Holdfast that started it, or end it (\`kill ${pid}\`); the session stays, what runs in it is lost`,
          },
    ),
    ...sockets
      .filter(({state}) => state !== 'nobody')
      .map(({session}) => ({
        what: `somebody listens for session ${session} who is no host of this machine`,
        todo: 'use a home of its own for each machine or container',
      })),
    ...strays.map(({who, pid, why}) => ({
      what: `${who} ${pid} is left over: ${strayReasons[why]}`,
      todo: `end it: \`kill -9 ${pid}\``,
    })),
    ...unreadable.map(({session, why}) => ({
      what: `session ${session} cannot be read: ${why}`,
      todo: `set its file aside: \`mv ${home.path}/sessions/${session}.db ${home.path}/sessions/${session}.damaged\``,
    })),
  ]
  return problems.filter((problem) => problem !== false)
}

const strayReasons = {
  'parent-gone': 'who started it is gone',
  'session-closed': 'its session is closed',
  'session-gone': 'its session is not there',
} as const
