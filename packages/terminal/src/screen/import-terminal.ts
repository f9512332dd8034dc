let modules: ReturnType<typeof importModules> | undefined

/** In a file of its own: the types of the addons name a package that users do not have, so the package must not export them. */
export function importTerminal() {
  return (modules ??= importModules())
}

async function importModules() {
  const [{default: xterm}, {default: unicode}, {default: serialize}] = await Promise.all([
    import('@xterm/headless'),
    import('@xterm/addon-unicode11'),
    import('@xterm/addon-serialize'),
  ])
  return {xterm, unicode, serialize}
}
