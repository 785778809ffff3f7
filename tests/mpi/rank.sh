#!/usr/bin/env bash
# Runs one rank, and says so if it fails. mpiexec of MPICH kills the other ranks within a millisecond, often before one of them can say which
# rank is lost, and names no rank itself. Between it and the rank there is this shell, which takes a little longer.
# Each rank is on a core of its own, in turn: the launchers of two "hosts" on one machine would both take the first core.
rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-${SLURM_PROCID:-0}}}
taskset -c $((rank % $(nproc))) "$@"
code=$?
[ $code -eq 0 ] || echo "rank $rank on host $(hostname) ended with exit code $code" >&2
exit $code
