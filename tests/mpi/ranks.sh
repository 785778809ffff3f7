#!/usr/bin/env bash
# Starts ranks, each pinned to a core, on this machine or, with the variable MPI_HOSTS (see hosts.sh), alternately on the two hosts.
#
#   tests/mpi/ranks.sh openmpi|mpich RANKS COMMAND…
#
# Debian has both side by side; without the full names, the commands and libraries would be those of whichever is the system's choice.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mpi=${1:?openmpi or mpich} ranks=${2:?number of ranks}; shift 2
export TERM=dumb                                             # Open MPI gives ranks a terminal, to which .NET would send control codes
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# UCX, below Debian's MPICH, finds that the two hosts are one machine, and would pass the network by.
[ -z "${MPI_HOSTS:-}" ] || export UCX_TLS=tcp,self
hosts=10.77.0.1,10.77.0.2 network=10.77.0.0/24
case $mpi in
  openmpi)
    command=(mpirun.openmpi -np "$ranks" --oversubscribe --bind-to none)
    # Ranks that share a core give way while they wait. Open MPI finds that out for one host only.
    [ "$ranks" -le "$(nproc)" ] || command+=(--mca mpi_yield_when_idle 1)
    [ -z "${MPI_HOSTS:-}" ] || command+=(--host 10.77.0.1:64,10.77.0.2:64 --map-by node --mca plm rsh --mca plm_rsh_agent "$here/on-host.sh"
      --mca btl_tcp_if_include $network --mca oob_tcp_if_include $network
      --mca oob_tcp_keepalive_time 2 --mca oob_tcp_keepalive_intvl 1 --mca oob_tcp_keepalive_probes 5) ;;
  mpich)
    command=(mpiexec.hydra -n "$ranks")
    [ -z "${MPI_HOSTS:-}" ] || command+=(-launcher ssh -launcher-exec "$here/on-host.sh" -hosts $hosts) ;;
  *) echo "ranks.sh: '$mpi' is not openmpi or mpich" >&2; exit 2 ;;
esac
command+=("$here/rank.sh" "$@")
[ -z "${MPI_HOSTS:-}" ] || command=("$here/on-host.sh" 10.77.0.1 "$(printf '%q ' "${command[@]}")")
exec "${command[@]}"
