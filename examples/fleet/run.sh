#!/bin/sh
# A fleet in plain commands: three servers of NATS and three machines, all of them on this computer, which must run Linux. Arguments: the
# command line of holdfast.
set -eu
[ $# -gt 0 ] || set -- holdfast
PATH=$PATH:/usr/sbin
folder=$(mktemp -d)
mkdir "$folder/project"
urls=nats://127.0.0.1:42221,nats://127.0.0.1:42222,nats://127.0.0.1:42223

# holdfast on a machine: each has a home of its own.
on() {
  machine=$1
  shift
  HOLDFAST_HOME=$folder/$machine "$@"
}

# All processes of a machine at once, as when its power fails.
kill_machine() {
  pids=$(grep -lsz "^HOLDFAST_HOME=$folder/$1\$" /proc/[0-9]*/environ | cut -d/ -f3) || true
  # One of them may have ended meanwhile.
  kill -KILL $pids 2>/dev/null || true
}

servers=
clean_up() {
  for machine in m1 m2 m3 me; do kill_machine $machine; done
  kill $servers 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap clean_up EXIT

# Three servers with a disk each: a majority of them has each event.
for n in 1 2 3; do
  nats-server --name n$n --addr 127.0.0.1 --port 4222$n --jetstream --store_dir "$folder/n$n" \
    --cluster_name example --cluster nats://127.0.0.1:6222$n \
    --routes nats://127.0.0.1:62221,nats://127.0.0.1:62222,nats://127.0.0.1:62223 >"$folder/n$n.log" 2>&1 &
  servers="$servers $!"
done

# Three machines. The first one creates the fleet: a prompt is accepted once the cluster has it.
for m in m1 m2 m3; do
  on $m "$@" serve --listen 127.0.0.1:0 --fleet $urls --name $m --promise replicated --lease 3 >"$folder/$m.log" 2>&1 &
  until on $m "$@" fleet status 2>/dev/null | grep -q "^$m  *ready"; do sleep 0.1; done
done

# A session on m1, used from a computer that is no machine of the fleet.
session=$(on m1 "$@" new --cwd "$folder/project")
echo "Session $session is on m1:"
on me "$@" ls --fleet $urls
on me "$@" run --fleet $urls --session "$session" -- 'echo hello from "$HOLDFAST_HOME"'

echo 'm1 is killed; the next prompt waits until another machine has taken the session over:'
kill_machine m1
on me "$@" run --fleet $urls --session "$session" -- 'echo hello again from "$HOLDFAST_HOME"'
on me "$@" ls --fleet $urls
on me "$@" show --fleet $urls "$session"
on me "$@" close --fleet $urls "$session"
