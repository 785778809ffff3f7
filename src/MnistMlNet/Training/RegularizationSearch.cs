using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Chooses the strength of L2 regularization for L-BFGS: the one with the lowest cross-validated log-loss.</summary>
/// <remarks>
/// <para>The search is for <c>a = λ n</c>, the strength of the prior for all n rows together (for a mean loss, λ is a / n). It depends
/// little on the number of rows, so the a found with a part of them is used for all. It tries whole decades first, then the two half
/// decades next to the best one.</para>
/// <para>Rows are split into folds at random, stratified by class, with the seed of the training; rows with the same features are in the
/// same fold. Validation rows, if there are any, are used instead of folds. Every network starts from the same seed, so the result is the
/// same for any number of threads.</para>
/// </remarks>
internal sealed class RegularizationSearch(
    ResolvedOptions plan, IKernels kernels, NetworkShape shape, WeightInitialization initialization, PackedRows rows)
{
    /// <summary>The iterations for each network: on 18 tables, 100 were as good as 200, and 50 had 6 % more log-loss.</summary>
    private const int Iterations = 100;

    /// <summary>The multiply-adds of the whole search, about a second. A table that needs more gets three folds, and fewer rows.</summary>
    private const double Budget = 1e10;

    private const int MinRows = 400;
    private const int Folds = 5;
    private const int FoldsBeyondBudget = 3;

    /// <summary>The number of networks for each fold: five decades and two half decades.</summary>
    private const int Candidates = 7;

    /// <summary>Selects the random stream of the folds. Epochs have the streams from 1; no run has so many epochs.</summary>
    private const ulong Purpose = uint.MaxValue - 1;

    private static readonly double[] s_decades = [0.01, 0.1, 1, 10, 100];

    private readonly SortedDictionary<double, double> _losses = [];
    private int _rowCount;

    /// <summary>Gets the split into training and validation rows; null for none.</summary>
    public ValidationSplit? Split { get; init; }

    /// <summary>Gets the validation rows; null for none.</summary>
    public PackedRows? ValidationRows { get; init; }

    /// <summary>Gets the action before each slice of a batch; it stops the search by throwing.</summary>
    public Action? BatchBegins { get; init; }

    /// <summary>Compares the candidates; λ is the chosen strength divided by the number of all training rows.</summary>
    public RegularizationSearchResult Run()
    {
        int[] places = Split?.Training ?? [.. Enumerable.Range(0, rows.RowCount)];
        bool isCrossValidated = Split is null && ValidationRows is null;
        _rowCount = places.Length;
        (int[] Training, int[]? Held)[] folds = isCrossValidated ? MakeFolds(places) : [(places, Split?.Validation)];
        using var team = new WorkerTeam(plan.NumberOfThreads, plan.WorkerCounts);
        foreach (double a in s_decades)
        {
            _losses[a] = Measure(folds, a, team);
        }

        double decade = Best();
        foreach (double a in new[] { decade / Math.Sqrt(10), decade * Math.Sqrt(10) })
        {
            _losses[a] = Measure(folds, a, team);
        }

        RegularizationCandidate[] candidates = [.. _losses.Select(pair => new RegularizationCandidate(pair.Key, pair.Value))];
        double best = Best();
        return new RegularizationSearchResult(
            candidates, Array.FindIndex(candidates, candidate => candidate.Strength == best), folds.Length, _rowCount);
    }

    // Of equal losses, the one with the stronger regularization.
    private double Best() => _losses.Reverse().MinBy(pair => double.IsNaN(pair.Value) ? double.PositiveInfinity : pair.Value).Key;

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

    // The loss that training minimizes has class weights, so the loss by which strengths are compared has them, too.
    private IEnumerable<(int[] Rows, float Weight)> ByClassWeight(int[]? held)
    {
        int[] labels = Held(held).Labels;
        IEnumerable<int> places = held ?? Enumerable.Range(0, labels.Length);
        return plan.ClassWeights is null
            ? [([.. places], 1)]
            : places.GroupBy(place => labels[place]).Select(ofClass => (ofClass.ToArray(), plan.ClassWeights[ofClass.Key]));
    }

    private (int[] Training, int[]? Held)[] MakeFolds(int[] places)
    {
        double perRow = 3.0 * Candidates * Iterations * shape.HiddenUnits * (shape.InputCount + shape.OutputCount);
        int affordable = (int)Math.Min(places.Length, Budget / perRow / Folds);
        int count = affordable < places.Length ? FoldsBeyondBudget : Folds;
        _rowCount = Math.Min(places.Length, Math.Max(MinRows, (int)Math.Min(int.MaxValue, Budget / perRow / count)));

        var random = new SeededRandom(plan.Seed, Purpose);
        int[][] groups = [.. GroupEqualRows(places)];
        int[] order = [.. Enumerable.Range(0, groups.Length)];
        random.Shuffle(order);
        var held = new List<int>[count];
        for (int f = 0; f < count; f++)
        {
            held[f] = [];
        }

        // The groups of each class are assigned to the folds in rotation. Each class begins with the fold after the last one of the class
        // before, so that the first folds don't get all rare classes.
        int next = 0;
        foreach (int[] group in order.Select(g => groups[g]).GroupBy(group => rows.Labels[group[0]]).OrderBy(c => c.Key).SelectMany(Take))
        {
            held[next++ % count].AddRange(group);
        }

        return [.. held.Where(fold => fold.Count > 0).Select(fold =>
        {
            HashSet<int> isHeld = [.. fold];
            int[] training = [.. held.SelectMany(other => other).Where(row => !isHeld.Contains(row)).Order()];
            return (training, (int[]?)[.. fold.Order()]);
        }).Where(fold => fold.training.Length > 0)];

        // The same fraction of each class, at least one group.
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

    /// <summary>Groups rows with the same features: in different folds they would leak each other's labels into training.</summary>
    private IEnumerable<int[]> GroupEqualRows(int[] places)
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

        return groups.Values.Select(group => group.ToArray());
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
