#!/bin/sh
# Packs every published package, as built. Checks the types in the tarballs with arethetypeswrong, then installs all of them
# into the empty strict project `consumer`, as any user would, and compiles and runs its programs there: one for each
# package, and one for the `holdfast` command. Alone: pnpm --filter @holdfast/checks run packages
set -eu

cd "$(dirname "$0")"
consumer=$PWD/consumer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOLDFAST_HOME="$work/home"

cd ../../..
pnpm --silent --recursive --filter './packages/*' --filter holdfast exec pnpm pack --pack-destination "$work/tarballs" >/dev/null

# `holdfast` itself exports no modules.
for tarball in "$work"/tarballs/holdfast-[a-z]*.tgz; do
  attw --profile esm-only --format ascii --no-summary "$tarball" >"$work/attw.log" 2>&1 || {
    cat "$work/attw.log"
    echo "$tarball: its types do not fit its modules (see above): compare \`exports\` in its package.json with what is built" >&2
    exit 1
  }
done

cp -R "$consumer" "$work"
cd "$work/consumer"
npm install --silent --prefer-offline --no-audit --no-fund "$work"/tarballs/*.tgz
tsc -p .
printf '%s\n' *.ts | xargs -n 1 -P 2 node
