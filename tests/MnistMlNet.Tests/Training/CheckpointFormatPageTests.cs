using System.Globalization;
using System.Text.RegularExpressions;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// The table of checkpoints in docs/model-format.md names the fields that a training serializes, in their order and with their bounds.
/// </summary>
public sealed partial class CheckpointFormatPageTests
{
    /// <summary>The rows of the table: the text of each row's cells.</summary>
    private static readonly string[][] s_rows = [.. Section().Split('\n').Where(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    public static TheoryData<Optimizer> Optimizers => [.. Enum.GetValues<Optimizer>()];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void The_fields_of_the_state_are_in_their_order(Optimizer optimizer)
    {
        var recorder = new Recorder();
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            Optimizer = optimizer,
            Momentum = optimizer == Optimizer.GradientDescent ? 0.9f : 0,
            NumberOfEpochs = 2,
            RestoreBestEpoch = true
        };
        NetworkParameters parameters = new(new NetworkShape(2, 3, 2, Activation.Relu));
        parameters.FromRowMajor([0.5f, -0.3f, 0.2f, 0.4f, -0.1f, 0.6f], [0.1f, 0.2f, 0.3f], [0.3f, -0.2f, 0.5f, -0.4f, 0.1f, 0.2f], [0, 0]);
        PackedRows rows = new SampleRows(2, [0, 1, 1, 0, 0.5f, 1, 1, 0.5f], [0, 1, 0, 1], null).Pack(sparse: false);
        new TrainingLoop(plan, KernelSelector.Best, parameters, rows, null) { Checkpoint = recorder }.Run();

        // A field that repeats, block by block or epoch by epoch, is on the page once; the total time and the time of an epoch have one
        // name.
        string[] documented = [.. s_rows.SkipWhile(cells => Names(cells)[0] != "parameters").TakeWhile(cells => Names(cells)[0] != "sha256")
            .Where(cells => IsOf(cells[0], optimizer)).SelectMany(Names)];
        Assert.Equal(recorder.Bounds.Keys, documented);
        foreach ((string field, long largest) in recorder.Bounds.Where(pair => pair.Value is not 0))
        {
            string[]? own = s_rows.FirstOrDefault(cells => cells[0].Contains($"`{field}`", StringComparison.Ordinal));
            if (own is not null)
            {
                Assert.Equal(Bound(field, largest), own[2]);
            }
        }
    }

    [Fact]
    public void Magic_version_and_the_time_are_those_of_the_code()
    {
        Assert.Equal(@"`TLNC\r\n\x1A\n`", Row("magic")[2]);
        Assert.Equal("TLNC\r\n\u001A\n"u8, CheckpointFile.Magic);
        Assert.Equal(CheckpointFile.FormatVersion.ToString(CultureInfo.InvariantCulture), Row("formatVersion")[2]);
        Assert.Equal($"0 to {CheckpointFile.MaxPairs.ToString("N0", CultureInfo.InvariantCulture)}", Row("identityCount")[2]);
        Assert.Equal("0 to 2⁶²", Row("elapsed")[2]);
    }

    private static string Bound(string field, long largest) => (field, largest) switch
    {
        ("bestEpoch", _) => "0 to `epochCount`",
        ("lbfgsPairs", _) => "0 to `LbfgsHistorySize`",
        (_, 1) => "0 or 1",
        (_, int.MaxValue) => "0 to 2³¹ - 1",
        (_, 1L << 62) => "0 to 2⁶²",
        _ => $"0 to {largest}",
    };

    private static bool IsOf(string cell, Optimizer optimizer) =>
        !cell.Contains("L-BFGS", StringComparison.Ordinal)
            || cell.Contains("not L-BFGS", StringComparison.Ordinal) == (optimizer != Optimizer.Lbfgs);

    private static string[] Row(string field) => s_rows.Single(cells => Names(cells)[0] == field);

    /// <summary>
    /// The fields of a row: those of its first cell, or of its second cell where the first names a group of several fields.
    /// </summary>
    private static string[] Names(string[] cells)
    {
        string inGroup = cells[0].StartsWith('`') ? cells[0].Split(" (")[0] : cells[1][cells[1].IndexOf('(', StringComparison.Ordinal)..];
        return [.. Backticked().Matches(inGroup).Select(match => match.Groups[1].Value).DefaultIfEmpty(cells[0])];
    }

    private static string Section()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "model-format.md"));
        return page[page.IndexOf("## Checkpoints", StringComparison.Ordinal)..];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticked();

    /// <summary>Records all fields that a run serializes after its last epoch.</summary>
    private sealed class Recorder : ICheckpoint, IStateSerializer
    {
        /// <summary>
        /// Gets the fields in the order in which they first occurred, with the bound of those that are whole numbers; 0 for others.
        /// </summary>
        public OrderedDictionary<string, long> Bounds { get; } = [];

        public TimeSpan Restore(TrainingLoop loop) => TimeSpan.Zero;

        public void Save(TrainingLoop loop, TimeSpan elapsed, bool isLast)
        {
            if (isLast)
            {
                loop.Serialize(this);
            }
        }

        public void Serialize(string field, ref long value, long largest) => Bounds.TryAdd(field, largest);

        public void Serialize(string field, ref double value) => Bounds.TryAdd(field, 0);

        public void Serialize(string field, Span<float> values) => Bounds.TryAdd(field, 0);
    }
}
