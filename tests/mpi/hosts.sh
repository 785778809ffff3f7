#!/usr/bin/env bash
# Two hosts on one machine: network namespaces with one cable between them (a veth pair), 10.77.0.1 and 10.77.0.2. Needs root.
#
#   tests/mpi/hosts.sh up NAME        makes NAME-a and NAME-b; NAME has at most 10 characters, and is unique on the machine
#   tests/mpi/hosts.sh cut NAME       pulls the cable out of NAME-b
#   tests/mpi/hosts.sh down NAME      ends what still runs on them, and removes them
#   tests/mpi/hosts.sh with COMMAND…  makes two hosts, runs the command with their name in MPI_HOSTS, and removes them
set -uo pipefail
case ${1:-} in
  up)
    name=${2:?NAME}
    ip netns add "$name-a" && ip netns add "$name-b" && ip link add "$name-va" type veth peer name "$name-vb" || exit 1
    for host in a b; do
      ip link set "$name-v$host" netns "$name-$host" &&
        ip -n "$name-$host" addr add "10.77.0.$([ $host = a ] && echo 1 || echo 2)/24" dev "$name-v$host" &&
        ip -n "$name-$host" link set "$name-v$host" up && ip -n "$name-$host" link set lo up || exit 1
    done ;;
  cut) ip -n "${2:?NAME}-b" link set "$2-vb" down ;;
  down)
    for host in a b; do
      ip netns pids "${2:?NAME}-$host" 2>/dev/null | xargs -r kill -9 2>/dev/null
      ip netns del "$2-$host" 2>/dev/null
    done
    exit 0 ;;
  with)
    shift
    export MPI_HOSTS=mn$$
    trap '"$0" down "$MPI_HOSTS"' EXIT
    "$0" up "$MPI_HOSTS" && "$@" ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
