// Four ranks that wait in MPI take all cores; two tests at the same time would measure each other's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
