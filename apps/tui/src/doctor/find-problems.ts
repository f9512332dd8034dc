import {formatBytes} from '@holdfast/session-view'

import type {Environment} from './environment.ts'

export interface Problem {
  problem: string
  /** What to do about it. */
  action: string
}

const minNodeVersion = 24
const minFreeBytes = 100 * 1024 * 1024
const minFreeFiles = 100

/** The problems of an environment, the worst first. */
export function findProblems({
  node,
  home,
  nodeCacheFault,
  shell,
  hosts,
  sockets,
  orphans,
  unreadable,
}: Environment): Problem[] {
  const problems: (Problem | false)[] = [
    Number.parseInt(node, 10) < minNodeVersion && {
      problem: `Node ${node} is too old`,
      action: `install Node ${minNodeVersion} or newer from nodejs.org`,
    },
    home.fault ?? false,
    home.fault === undefined &&
      home.state === 'not-writable' && {
        problem: `${home.path} is not writable`,
        action: `make yourself its owner (\`chown -R "$USER" ${home.path}\`), or set HOLDFAST_HOME to another folder`,
      },
    nodeCacheFault !== undefined && {
      problem: `other users can change the programs that you run with Node: ${nodeCacheFault}`,
      action: 'unset NODE_COMPILE_CACHE, or set it to a folder of your own',
    },
    home.isOnNetwork && {
      problem: `${home.path} is on a network file system, where locks are unreliable`,
      action: 'set HOLDFAST_HOME to a folder on a local disk',
    },
    home.isOpenToOthers && {
      problem: `${home.path} is open to other users`,
      action: `close it: \`chmod 700 ${home.path}\``,
    },
    home.openToGroup !== undefined &&
      home.openToGroup !== home.path && {
        problem: `members of the group of ${home.openToGroup} can replace ${home.path}`,
        action: `close it: \`chmod g-w ${home.openToGroup}\``,
      },
    home.freeBytes !== undefined &&
      home.freeBytes < minFreeBytes && {
        problem: `the disk of ${home.path} has only ${formatBytes(home.freeBytes)} left`,
        action: 'free some space: prompts that cannot be saved are refused',
      },
    home.freeFiles !== undefined &&
      home.freeFiles < minFreeFiles && {
        problem: `the disk of ${home.path} has room for only ${home.freeFiles} more files (inodes)`,
        action: 'delete some files: a session needs several',
      },
    shell.used === undefined && {
      problem: 'no supported shell was found',
      action: 'install bash, or set SHELL to a supported shell',
    },
    ...hosts
      .filter(({socket}) => socket !== 'responsive')
      .map(({session, pid, socket}) => ({
        problem: `the host of session ${session} (pid ${pid}) ${socket === 'unresponsive' ? 'does not respond' : 'has lost its socket'}`,
        action: `continue it if it is stopped (\`kill -CONT ${pid}\`), else end it (\`kill -9 ${pid}\`): the session stays, the command that runs in it is lost`,
      })),
    ...hosts.flatMap(({session, pid, mismatch}) =>
      mismatch === undefined
        ? []
        : {
            problem: `the host of session ${session} (pid ${pid}) speaks another protocol: ${mismatch}`,
            action: `use the version of Holdfast that started it, or end it (\`kill ${pid}\`): the session stays, the command that runs in it is lost`,
          },
    ),
    ...sockets
      .filter(({state}) => state !== 'closed')
      .map(({session}) => ({
        problem: `the socket of session ${session} belongs to a process that is not a host on this machine`,
        action: 'give each machine or container a home of its own: set HOLDFAST_HOME',
      })),
    ...orphans.map(({role, pid, reason}) => ({
      problem: `${role} ${pid} is an orphan: ${orphanReasons[reason]}`,
      action: `end it: \`kill -9 ${pid}\``,
    })),
    ...unreadable.map(({session, code, reason}) => ({
      problem: `the log of session ${session} cannot be read: ${reason}`,
      action: toRead(code, session, home.path),
    })),
  ]
  return problems.filter((problem) => problem !== false)
}

/** What to do about a log that cannot be read. SQLite would take a log without its WAL for an older one. */
function toRead(code: Environment['unreadable'][number]['code'], session: string, home: string): string {
  if (code === 'not-a-file') return 'move away what stands in its place'
  if (code === 'newer-format') return 'use the version of Holdfast that wrote it'
  const log = `${home}/sessions/${session}.db`
  const setAside = `mkdir -p ${home}/aside && mv ${log} ${log}-wal ${log}-shm ${home}/aside`
  const move = `when its host has ended, set aside all its files that exist: \`${setAside}\``
  return code === 'damaged'
    ? `open it, which saves what can be read: \`holdfast --resume ${session}\`. Or ${move}`
    : move
}

const orphanReasons = {
  'parent-exited': 'the process that started it has exited',
  'session-closed': 'its session is closed',
  'session-missing': 'its session does not exist',
} as const
