using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Chooses the strength of L2 regularization for L-BFGS: the one with the lowest cross-validated loss.</summary>
/// <remarks>
/// <para>Searched is <c>a = λ n</c>, the strength of the prior for all n rows together (for a mean loss, λ is a / n). First come whole
/// decades, then the half decades beside the best one. A value that was found on m of the rows is multiplied by the cube root of n / m:
/// with m about a tenth of n, the best a of eight tables was 1 to 3 times as large for all rows as for the part.</para>
/// <para>Rows are split into folds by class at random, with the seed of the training; copies of a row stay together. Validation
/// rows, where there are any, are used instead of folds. Every network starts from the same seed, so the result is the same for any number
/// of threads.</para>
/// </remarks>
internal sealed class RegularizationSearch(
    ResolvedOptions plan, IKernels kernels, NetworkShape shape, WeightInitialization initialization, PackedRows rows)
{
    /// <summary>Iterations of each network: on 18 tables, 100 were as good as 200, and 50 had 6 % more log-loss.</summary>
    private const int Iterations = 100;

    private const int MinRows = 400;
    private const int Folds = 5;
    private const int FoldsBeyondBudget = 3;

    /// <summary>Networks of each fold: five decades and two half decades.</summary>
    private const int Candidates = 7;

    /// <summary>Assignments of rows to folds by which the best decade and its half decades are compared, where the budget allows it.
    /// </summary>
    private const int Repetitions = 2;

    /// <summary>Networks of each fold with repetitions, in all: five decades, and three values for each repetition.</summary>
    private const int CandidatesWithRepetitions = 5 + 3 * Repetitions;

    /// <summary>Names the random numbers of the folds; epochs count from 1, and no run has so many.</summary>
    private const ulong Purpose = uint.MaxValue - Repetitions;

    /// <summary>The number of values up to which a feature may be a category, or a count of few.</summary>
    private const int MaxCategoryValues = 16;

    private static readonly double[] s_decades = [0.01, 0.1, 1, 10, 100];

    private readonly SortedDictionary<double, double> _losses = [];
    private bool _isValidated;
    private bool _isRepeated;
    private int _rowCount;

    /// <summary>Gets the rows that are held back for validation; null for none.</summary>
    public ValidationSplit? Split { get; init; }

    /// <summary>Gets the validation rows; null for none.</summary>
    public PackedRows? ValidationRows { get; init; }

    /// <summary>Gets what is called before each slice of a batch; it stops the search by throwing.</summary>
    public Action? BatchBegins { get; init; }

    /// <summary>Compares the candidates.</summary>
    public RegularizationSearchResult Run()
    {
        int[] places = Split?.Training ?? [.. Enumerable.Range(0, rows.RowCount)];
        _isValidated = Split is not null || ValidationRows is not null;
        (int[] Training, int[]? Held)[] folds = MakeFolds(places, 0);
        using var team = new WorkerTeam(plan.NumberOfThreads, plan.WorkerCounts);
        foreach (double a in s_decades)
        {
            _losses[a] = Measure(folds, a, team);
        }

        // Near the best decade the losses differ by little more than chance: more folds tell them apart.
        double decade = Best(_losses);
        (int[] Training, int[]? Held)[] all = _isRepeated
            ? [.. folds, .. Enumerable.Range(1, Repetitions - 1).SelectMany(repetition => MakeFolds(places, (uint)repetition))]
            : folds;
        var near = new SortedDictionary<double, double>();
        foreach (double a in (double[])[decade / Math.Sqrt(10), decade, decade * Math.Sqrt(10)])
        {
            near[a] = a == decade && !_isRepeated ? _losses[a] : Measure(all, a, team);
            _losses[a] = near[a];
        }

        RegularizationCandidate[] candidates = [.. _losses.Select(pair => new RegularizationCandidate(pair.Key, pair.Value))];
        double best = Best(near);
        return new RegularizationSearchResult(
            candidates, Array.FindIndex(candidates, candidate => candidate.Strength == best), all.Length, _rowCount);
    }

    // Of equal losses the stronger regularization: the surer network has no advantage.
    private static double Best(SortedDictionary<double, double> losses) =>
        losses.Reverse().MinBy(pair => double.IsNaN(pair.Value) ? double.PositiveInfinity : pair.Value).Key;

    private double Measure((int[] Training, int[]? Held)[] folds, double a, WorkerTeam team)
    {
        double loss = 0, weight = 0;
        foreach ((int[] training, int[]? held) in folds)
        {
            NetworkParameters parameters = WeightInitializer.Create(shape, initialization, plan.Seed);
            ResolvedOptions fold = plan with { L2Regularization = (float)(a / training.Length) };
            var epochs = new LbfgsEpochs(fold, kernels, parameters, rows, training, team, BatchBegins);
            try
            {
                for (int epoch = 1; epoch <= Iterations && epochs.Finished is null; epoch++)
                {
                    epochs.Run(epoch);
                }
            }
            catch (TrainingDivergedException)
            {
                return double.PositiveInfinity;
            }

            foreach ((int[] measured, float classWeight) in ByClassWeight(held))
            {
                BatchResult result = new Evaluation(kernels, parameters, Held(held), team, measured, OutputLoss.ToMeasure(plan)).Run();
                loss += classWeight * result.Loss;
                weight += classWeight * result.Weight;
            }
        }

        return loss / weight;
    }

    private PackedRows Held(int[]? held) => held is null ? ValidationRows! : rows;

    // The loss that training minimizes counts each class by its weight; so does the one that judges it.
    private IEnumerable<(int[] Rows, float Weight)> ByClassWeight(int[]? held)
    {
        int[] labels = Held(held).Labels;
        IEnumerable<int> places = held ?? Enumerable.Range(0, labels.Length);
        return plan.ClassWeights is null
            ? [([.. places], 1)]
            : places.GroupBy(place => labels[place]).Select(ofClass => (ofClass.ToArray(), plan.ClassWeights[ofClass.Key]));
    }

    private (int[] Training, int[]? Held)[] MakeFolds(int[] places, uint repetition)
    {
        double perRow = 3.0 * Iterations * shape.HiddenUnits * (shape.InputCount + shape.OutputCount);
        double budget = DefaultRules.SearchBudget(places.Length) / perRow, affordable = budget / Candidates;
        int count = _isValidated ? 1 : affordable / Folds < places.Length ? FoldsBeyondBudget : Folds;
        _rowCount = (int)Math.Min(places.Length, Math.Max(MinRows, affordable / count));

        _isRepeated = !_isValidated && budget / CandidatesWithRepetitions / Folds >= places.Length;
        var random = new SeededRandom(plan.Seed, Purpose + repetition);
        int[][] groups = GroupCopies(places);
        int[] order = [.. Enumerable.Range(0, groups.Length)];
        random.Shuffle(order);
        var held = new List<int>[count];
        for (int f = 0; f < count; f++)
        {
            held[f] = [];
        }

        // Class by class, each group to the fold that has the fewest rows of its class: the first folds don't get all rare classes,
        // since each class begins behind the last one's end.
        int next = 0;
        foreach (int[] group in order.Select(g => groups[g]).GroupBy(group => rows.Labels[group[0]]).OrderBy(c => c.Key).SelectMany(Take))
        {
            held[next++ % count].AddRange(group);
        }

        _rowCount = held.Sum(fold => fold.Count);
        if (_isValidated)
        {
            return [([.. held[0].Order()], Split?.Validation)];
        }

        return [.. held.Where(fold => fold.Count > 0).Select(fold =>
        {
            HashSet<int> isHeld = [.. fold];
            int[] training = [.. held.SelectMany(other => other).Where(row => !isHeld.Contains(row)).Order()];
            return (training, (int[]?)[.. fold.Order()]);
        }).Where(fold => fold.training.Length > 0)];
        // The same share of each class, at least one group.
        IEnumerable<int[]> Take(IGrouping<int, int[]> ofClass)
        {
            int classRows = ofClass.Sum(group => group.Length);
            int wanted = (int)Math.Ceiling((double)classRows * _rowCount / places.Length), taken = 0;
            foreach (int[] group in ofClass)
            {
                if (taken >= wanted)
                {
                    break;
                }

                taken += group.Length;
                yield return group;
            }
        }
    }

    /// <summary>Groups rows with equal features: in different folds, copies of a row would tell the labels of each other.</summary>
    /// <remarks>
    /// In a table of categories alone, equal rows are the normal case. They aren't grouped: a fold would hold back all rows of a category,
    /// and λ would be chosen for categories that training never saw, which is so strong that the network learns nothing.
    /// </remarks>
    private int[][] GroupCopies(int[] places)
    {
        float[] room = new float[rows.InputCount];
        var groups = new Dictionary<Int128, List<int>>();
        foreach (int place in places)
        {
            Int128 key = HashOf(rows.Expand(place, room));
            if (!groups.TryGetValue(key, out List<int>? group))
            {
                groups.Add(key, group = []);
            }

            group.Add(place);
        }

        return groups.Count < places.Length && HasCategoriesOnly(places)
            ? [.. places.Select(place => new[] { place })]
            : [.. groups.Values.Select(group => group.ToArray())];
    }

    private bool HasCategoriesOnly(int[] places)
    {
        float[] room = new float[rows.InputCount];
        HashSet<float>[] values = [.. room.Select(_ => new HashSet<float>())];
        foreach (int place in places)
        {
            ReadOnlySpan<float> row = rows.Expand(place, room);
            for (int i = 0; i < row.Length; i++)
            {
                if (values[i].Add(row[i]) && values[i].Count > MaxCategoryValues)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static Int128 HashOf(ReadOnlySpan<float> row)
    {
        ulong low = 1, high = 2;
        foreach (float value in row)
        {
            uint bits = BitConverter.SingleToUInt32Bits(value + 0f);               // -0 becomes 0
            low = SeededRandom.Mix(low ^ bits);
            high = SeededRandom.Mix(high + bits);
        }

        return new Int128(high, low);
    }
}
