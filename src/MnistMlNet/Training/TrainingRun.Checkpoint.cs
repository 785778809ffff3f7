using MnistMlNet.Configuration;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Compares a checkpoint with the options before the rows are read, and chooses the options that depend on the rows.</summary>
internal sealed partial class TrainingRun
{
    /// <summary>
    /// Refuses a checkpoint that can't be written, and one of another training, as far as that is known without the rows. The rest is
    /// compared when training resumes.
    /// </summary>
    /// <remarks>All ranks call this, with the same options; only rank 0 opens the file.</remarks>
    private void CheckCheckpoint(NetworkShape shape, bool isNew, bool hasValidationRows)
    {
        if (_checkpointPath is not { } path
            || CheckpointFile.ReadHeader(path, _ranks, options.ResumeFromCheckpoint) is not { } saved)
        {
            return;
        }

        // A file without the number of rows is of no training; it is refused when training resumes.
        _savedSearch = saved.Search;
        if (CheckpointIdentity.TrainingRowsOf(saved.Identity) is { } rowCount)
        {
            _ranks.Agree(() => Compare(path, saved, rowCount, shape, isNew, hasValidationRows));
        }
    }

    /// <remarks>
    /// Options that are null get the values that they would have with the checkpoint's number of rows. If one of them differs then, the
    /// training is another one also where the number of rows has changed. The magnitude of the features isn't in the checkpoint: options
    /// that depend on it are left out.
    /// </remarks>
    private void Compare(
        string path, CheckpointHeader saved, long rowCount, NetworkShape shape, bool isNew, bool hasValidationRows)
    {
        bool needsRows = false;
        var facts = new TrainingFacts(rowCount, shape.InputCount, MarkAndGetAny, _seed);
        HashSet<string> unknown = [];
        TwoLayerNetworkOptions chosen = Choose(shape, isNew, facts, _ =>
        {
            if (saved.Search is null)
            {
                unknown.Add(nameof(options.L2Regularization));
            }

            return saved.Search;
        });
        List<KeyValuePair<string, string>> texts = [];
        foreach (OptionDefinition option in OptionTable.For(chosen))
        {
            needsRows = unknown.Contains(option.Name);
            KeyValuePair<string, string>[] pairs = [.. option.Describe(chosen, facts)];
            if (needsRows)
            {
                unknown.Add(option.Name);
            }
            else
            {
                texts.AddRange(pairs);
            }
        }

        HashSet<string> known = [.. OptionTable.For(chosen).Select(option => option.Name).Where(name => !unknown.Contains(name))];
        CheckpointIdentity.Check(
            path, saved.Identity, CheckpointIdentity.WithoutRows(texts, options.Task, shape, hasValidationRows, _kernels),
            isSeedGiven: options.Seed is not null, isKnown: name => known.Contains(name.Split('[')[0]));

        double MarkAndGetAny()
        {
            needsRows = true;
            return 1;
        }
    }

    /// <summary>Chooses optimizer, λ and iterations where they are open and the table isn't too large for it.</summary>
    /// <param name="search">Compares strengths of regularization; null leaves λ open.</param>
    private TwoLayerNetworkOptions Choose(
        NetworkShape shape, bool isNew, TrainingFacts facts, Func<TwoLayerNetworkOptions, RegularizationSearchResult?> search)
    {
        TwoLayerNetworkOptions chosen = options.Clone();
        long weights = shape.HiddenUnits * ((long)shape.InputCount + shape.OutputCount);
        bool isSearched = options.CacheRows && !options.IsSharded && isNew && DefaultRules.IsSearched(facts.RowCount, weights);
        if (chosen.Optimizer is null)
        {
            bool isFree = options.NumberOfEpochs is null && options.L2Regularization is null && OptionTable.AcceptsLbfgs(options);
            chosen.Optimizer = isSearched && isFree ? Optimizer.Lbfgs : Optimizer.Adam;
        }

        if (chosen.Optimizer == Optimizer.Lbfgs && chosen.L2Regularization is null && isSearched)
        {
            chosen.L2Regularization = search(chosen) is { } found ? (float)(found.StrengthFor(facts.RowCount) / facts.RowCount) : null;
            chosen.NumberOfEpochs ??= DefaultRules.IterationsAfterSearch(facts.RowCount, weights);
        }

        return chosen;
    }
}
