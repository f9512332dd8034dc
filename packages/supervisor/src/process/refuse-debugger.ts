/**
 * Makes this process ignore SIGUSR1, at which Node opens a debugger on a port of this machine: any local user could connect
 * and run code as this one. May be called more than once. Starting Node with `--inspect` still opens it.
 */
export function refuseDebugger(): void {
  if (!process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore)
}

function ignore(): void {
  // Node opens no debugger where a listener exists.
}
