#!/bin/sh
# What each script of the workspace runs first, so that it works in a fresh clone and after a pull: installs and builds, if
# need be. Needs git, Node 20 or newer, npm and any POSIX shell. By hand: sh tooling/bootstrap.sh
#   installed               installs
#   built                   installs, and builds the app
#   start [ARGUMENT…]       the same, and starts the app on the shipped Node, in the folder where you are
#   turbo [ARGUMENT…]       installs, and runs turbo with the pinned pnpm, which turbo starts for each task
set -eu

from=${INIT_CWD:-$PWD}
cd "$(dirname "$0")/.."
lock=.holdfast-lock
# Both stamps lie in node_modules, so they go when it goes.
installed=node_modules/.holdfast-installed # a copy of the lockfile that was installed
built=node_modules/.holdfast-built         # its time is when the last good build began

main() {
  mode=${1:-}
  case $mode in
    start | installed | built | turbo) shift ;;
    *) fail "expected \`start\`, \`installed\`, \`built\` or \`turbo\`, got \`$mode\`." ;;
  esac
  if ! ready; then
    take_lock
    is_installed || install
    needs_no_build || is_built || build
    release_lock
  fi
  if [ "$mode" = turbo ]; then
    export TURBO_TELEMETRY_DISABLED=1
    # The install has put this pnpm into npm's cache; otherwise npx asks the registry each time.
    exec npx --yes --prefer-offline -p "$(pinned_pnpm)" turbo "$@"
  fi
  [ "$mode" = start ] || return 0
  node=$PWD/node_modules/.bin/node
  [ -x "$node" ] || node=node
  cli=$PWD/apps/tui/dist/cli.cjs
  cd "$from"
  forget_npm
  export HOLDFAST_STARTED_AS='npm start'
  exec "$node" "$cli" "$@"
}

ready() { is_installed && { needs_no_build || is_built; }; }

needs_no_build() { [ "$mode" = installed ] || [ "$mode" = turbo ]; }

is_installed() { cmp -s pnpm-lock.yaml "$installed"; }

install() {
  rm -f "$installed"
  step 'installing (the first time it takes a minute)' npx --yes -p "$(pinned_pnpm)" -c 'pnpm install --frozen-lockfile'
  [ -x node_modules/.bin/node ] || node -e 'process.exit(parseInt(process.versions.node) < 24 ? 1 : 0)' ||
    fail "expected Node 24 or newer, as none is shipped for this platform, got $(node --version)."
  cp pnpm-lock.yaml "$installed.new"
  mv -f "$installed.new" "$installed"
}

pinned_pnpm() { sed -n 's/.*"packageManager": "\([^"+]*\).*/\1/p' package.json; }

# Folders are compared as well: a file that was removed makes its folder newer.
is_built() {
  [ -f "$built" ] && [ -f apps/tui/dist/cli.cjs ] &&
    [ -z "$(find "$installed" packages/*/package.json packages/*/src apps/*/package.json apps/*/*.ts apps/*/src \
      apps/web/index.html apps/web/public tooling/tsup -newer "$built")" ]
}

build() {
  : >"$built.new"
  # The app imports the first and contains the second as they are built; all other packages are bundled into the app.
  step 'building' sh -c 'for each in packages/picture apps/web apps/tui; do npm --prefix "$each" run build || exit; done'
  mv -f "$built.new" "$built"
}

# step WHAT COMMAND…: runs it in silence; if it fails, shows what it printed and ends.
step() {
  what=$1
  shift
  say "$what …"
  if ! "$@" >"$lock.log" 2>&1 </dev/null; then
    cat "$lock.log" >&2
    fail "${what%% (*} failed; what it printed stands above."
  fi
}

say() { printf 'holdfast: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# One process at a time installs and builds. The lock is a symbolic link to its holder's pid: made, with its content, in
# one step; void once that process is gone.
take_lock() {
  announced=no
  until ln -s $$ "$lock" 2>/dev/null; do
    holder=$(readlink "$lock") || continue
    if ! kill -0 "$holder" 2>/dev/null; then
      [ "$(readlink "$lock")" != "$holder" ] || rm -f "$lock"
    else
      [ $announced = yes ] || say "waiting for process $holder, which installs or builds here"
      announced=yes
      sleep 1
    fi
  done
  trap release_lock EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

release_lock() {
  rm -f "$lock.log" "$lock"
  trap - EXIT HUP INT TERM
}

# The user's shells find the environment as it was before npm: what it adds upsets version managers, for one.
forget_npm() {
  unset INIT_CWD NODE COLOR $(env | sed -n 's/^\(npm_[A-Za-z0-9_]*\)=.*/\1/p')
  PATH=${PATH#*/node-gyp-bin:}
}

main "$@"
