#!/usr/bin/env bash
# Runs a command on one of the hosts of hosts.sh, with a host name of its own: what launchers call instead of ssh.
#
#   MPI_HOSTS=NAME tests/mpi/on-host.sh [OPTIONS OF SSH] 10.77.0.1|10.77.0.2 COMMAND…
while [[ ${1:-} == -* ]]; do shift; done
case ${1:-} in
  10.77.0.1) host=$MPI_HOSTS-a ;;
  10.77.0.2) host=$MPI_HOSTS-b ;;
  *) echo "on-host.sh: '${1:-}' is not one of the two hosts, 10.77.0.1 and 10.77.0.2" >&2; exit 255 ;;
esac
shift
# Like ssh, it joins the words and lets a shell read them.
exec ip netns exec "$host" unshare --uts /bin/bash -c "hostname $host; exec /bin/bash -c \"\$0\"" "$*"
