#!/usr/bin/env bash
# Runs a rank on one core, the first rank on the first core and so on; the launchers of two "hosts" on one machine would both take the first.
rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}
exec taskset -c $((rank % $(nproc))) "$@"
