using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>
/// What must be the same to resume a training: everything except the state that the next epoch depends on, as pairs of name and value.
/// </summary>
internal static class CheckpointIdentity
{
    /// <summary>
    /// Increased in each release that adds in another order or rounds differently, because such a release can't resume bit-exactly.
    /// </summary>
    public const int ArithmeticRevision = 3;

    /// <summary>The number of rows that are trained on, without those that <c>ValidationFraction</c> holds back.</summary>
    private const string TrainingRows = "training rows";

    private const string Remedy = "Train as before; or delete the file or choose another CheckpointPath to start again. "
        + "To train a finished model further with other options or rows, use ContinueFit.";

    /// <summary>Options that may differ when training resumes: they don't change the parameters of the epochs before.</summary>
    private static readonly HashSet<string> s_changeable =
    [
        nameof(TwoLayerNetworkOptions.NumberOfThreads), nameof(TwoLayerNetworkOptions.EpochCallback),
        nameof(TwoLayerNetworkOptions.CheckpointPath), nameof(TwoLayerNetworkOptions.CheckpointInterval),
        nameof(TwoLayerNetworkOptions.ResumeFromCheckpoint), nameof(TwoLayerNetworkOptions.CancellationToken),
        nameof(TwoLayerNetworkOptions.EarlyStoppingPatience), nameof(TwoLayerNetworkOptions.Collective),
    ];

    /// <summary>Lists the part that is known before a row is read.</summary>
    /// <param name="optionTexts">The options, with values in place of those that were null; some may be left out.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> WithoutRows(
        IReadOnlyList<KeyValuePair<string, string>> optionTexts, LearningTask task, NetworkShape shape, bool hasValidationRows,
        IKernels kernels)
    {
        // Other schedules give the same first epochs for any number of epochs, so it may grow.
        bool isEndFixed = optionTexts.Any(pair => pair is
        {
            Key: nameof(TwoLayerNetworkOptions.LearningRateSchedule),
            Value: nameof(LearningRateSchedule.Cosine) or nameof(LearningRateSchedule.Linear),
        });
        return
        [
            new("task", task.ToString()),
            .. optionTexts.Where(pair =>
                !s_changeable.Contains(pair.Key) && (isEndFixed || pair.Key != nameof(TwoLayerNetworkOptions.NumberOfEpochs))),
            new("network", string.Create(CultureInfo.InvariantCulture, $"{shape.InputCount}-{shape.HiddenUnits}-{shape.OutputCount}")),
            new("validation rows", hasValidationRows ? "given" : "none"),
            new("processor's vectors", kernels.Tier.ToString()),
            new("revision of the arithmetic", ArithmeticRevision.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Lists the part that is known only when all rows were read.</summary>
    /// <param name="trainingRows">The number of rows that are trained on.</param>
    /// <param name="initial">The parameters before the first epoch.</param>
    /// <param name="validation">The hashes of validation rows that aren't a part of <paramref name="set"/>; null for none.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> OfRows(
        TrainingSet set, long trainingRows, RowHashes? validation, float[]? classWeights, NetworkParameters initial)
    {
        RowHashes rows = set.Hashes ?? RowHashes.Of(set.Rows.Sample);
        return
        [
            new("class weights", classWeights is null ? "none"
                : string.Join(' ', classWeights.Select(w => w.ToString(CultureInfo.InvariantCulture)))),
            new("rows", set.Rows.RowCount.ToString(CultureInfo.InvariantCulture)),
            new(TrainingRows, trainingRows.ToString(CultureInfo.InvariantCulture)),
            new("SHA-256 of the rows' labels", rows.Labels),
            new("SHA-256 of the rows' targets", rows.Targets),
            new("SHA-256 of the rows' weights", rows.Weights),
            new("SHA-256 of the rows' features", rows.Features),
            new("SHA-256 of the validation rows' labels", validation?.Labels ?? "none"),
            new("SHA-256 of the validation rows' targets", validation?.Targets ?? "none"),
            new("SHA-256 of the validation rows' weights", validation?.Weights ?? "none"),
            new("SHA-256 of the validation rows' features", validation?.Features ?? "none"),
            new("SHA-256 of the initial parameters", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(initial.All)))),
        ];
    }

    /// <summary>Gets the number of rows that the training of a checkpoint trained on; null where the file has no such number.</summary>
    public static long? TrainingRowsOf(IReadOnlyList<KeyValuePair<string, string>> saved) =>
        long.TryParse(Find(saved, TrainingRows), NumberStyles.None, CultureInfo.InvariantCulture, out long rows) && rows > 0 ? rows : null;

    /// <summary>Compares a checkpoint with this training.</summary>
    /// <param name="path">The checkpoint, for the message.</param>
    /// <param name="saved">The identity in the checkpoint.</param>
    /// <param name="own">That of this training, or the pairs of it that are known.</param>
    /// <param name="isSeedGiven">Whether the options have a seed.</param>
    /// <param name="isKnown">Whether <paramref name="own"/> would have a pair of that name; null where it has all pairs.</param>
    /// <exception cref="InvalidOperationException">They differ; the message names the first difference.</exception>
    public static void Check(
        string path, IReadOnlyList<KeyValuePair<string, string>> saved, IReadOnlyList<KeyValuePair<string, string>> own, bool isSeedGiven,
        Func<string, bool>? isKnown = null)
    {
        // A changed option may add pairs of other options. So a pair that both have says more than one that only one of them has.
        var values = own.ToDictionary();
        KeyValuePair<string, string>? changed = First(pair =>
            values.TryGetValue(pair.Key, out string? value) && Shorten(value) != Shorten(pair.Value));
        changed ??= First(pair => !values.ContainsKey(pair.Key) && (isKnown is null || isKnown(pair.Key)));
        if (changed is { } was)
        {
            if (was.Key == nameof(TwoLayerNetworkOptions.Seed) && !isSeedGiven)
            {
                throw new InvalidOperationException(
                    $"The checkpoint '{Shown.Long(path)}' belongs to another training: its seed was {Shown.Text(was.Value)}, and this one "
                        + $"drew another, because none is set. Set Options.Seed to {Shown.Text(was.Value)}, or delete the file.");
            }

            throw new InvalidOperationException(
                $"The checkpoint '{Shown.Long(path)}' belongs to another training: {Shown.Text(was.Key)} was {Shown.Text(was.Value)} "
                    + $"and is {Shown.Text(Now(own, was.Key))}. {Remedy}");
        }

        HashSet<string> names = [.. saved.Select(pair => pair.Key)];
        if (own.Where(pair => !names.Contains(pair.Key)).Cast<KeyValuePair<string, string>?>().FirstOrDefault() is { } added)
        {
            throw new InvalidOperationException(
                $"The checkpoint '{Shown.Long(path)}' belongs to another training: {added.Key} is {Shown.Text(added.Value)} and was not "
                    + $"there. {Remedy}");
        }

        KeyValuePair<string, string>? First(Func<KeyValuePair<string, string>, bool> isChanged) =>
            saved.Where(isChanged).Cast<KeyValuePair<string, string>?>().FirstOrDefault();
    }

    /// <summary>Replaces a long value, such as ten thousand class weights, by its hash.</summary>
    public static string Shorten(string value) =>
        value.Length <= 1024 ? value : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    /// <summary>The value of a name that has no pair may be entries: <c>ClassWeights</c> is null, or <c>ClassWeights[name]</c>.</summary>
    private static string Now(IReadOnlyList<KeyValuePair<string, string>> own, string name)
    {
        string[] entries = [.. own.Where(pair => pair.Key.StartsWith(name + "[", StringComparison.Ordinal))
            .Select(pair => $"{pair.Key[name.Length..]} {pair.Value}")];
        return Find(own, name) ?? (entries.Length > 0 ? string.Join(", ", entries) : "not there");
    }

    private static string? Find(IReadOnlyList<KeyValuePair<string, string>> pairs, string name) =>
        pairs.Where(pair => pair.Key == name).Select(pair => pair.Value).FirstOrDefault();
}
