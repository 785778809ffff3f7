using Microsoft.ML;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Trust;

/// <summary>
/// Untrusted files: each gives a named exception or a valid model, with limited time and memory. docs/trust.md describes a longer run of
/// the same tests.
/// </summary>
public sealed class DamagedFileTests
{
    [Fact]
    public void Twenty_thousand_damaged_payloads_and_thousands_of_damaged_files_are_refused_by_name_or_valid()
    {
        FuzzReport[] reports = [.. FuzzCommand.Run(payloads: 20_000, seed: 1)];

        Assert.Equal([("payload", 20_000), ("ML.NET zip", 500), ("npz", 2_000), ("IDX", 2_000), ("checkpoint", 500), ("PNG", 2_000)],
            reports.Select(report => (report.Target, report.Cases)));
        Assert.Empty(reports.SelectMany(report => report.Failures));

        // If damage were always refused, or never, the test would show little.
        Assert.All(reports, report => Assert.InRange(report.Accepted, report.Cases / 20, report.Cases / 2));
    }

    [Fact]
    public void A_checkpoint_of_a_huge_count_is_refused_by_name_or_resumes_without_huge_memory()
    {
        var mlContext = new MLContext(seed: 1);
        using var target = new CheckpointTarget(mlContext);
        int refused = 0, accepted = 0;
        foreach (FuzzCase file in target.HugeCounts())
        {
            long before = GC.GetAllocatedBytesForCurrentThread();

            Exception? e = Record.Exception(() => target.Open(file));

            Assert.True(e is null || target.IsRefusal(e), e?.ToString());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FuzzRun.MaxBytesAboveFile);
            (refused, accepted) = e is null ? (refused, accepted + 1) : (refused + 1, accepted);
        }

        // Most counts have a bound; the number of completed steps has none.
        Assert.InRange(refused, 40, 200);
        Assert.InRange(accepted, 1, 40);
    }

    [Fact]
    public void The_same_seed_gives_the_same_damage()
    {
        byte[][] first = Payloads();

        Assert.Equal(first, Payloads());
        Assert.Equal(50, first.Select(Convert.ToHexString).Distinct().Count());

        // Separately trained models: nothing in them may depend on the clock.
        static byte[][] Payloads()
        {
            var mlContext = new MLContext(seed: 1);
            var target = new PayloadTarget(mlContext, new FuzzModels(mlContext));
            return [.. Enumerable.Range(0, 50).Select(i => target.Make(new Random(i)).Files[0])];
        }
    }

    [Theory]
    [InlineData("throws", "isn't refused by name: System.IndexOutOfRangeException")]
    [InlineData("allocates", "allocates")]
    [InlineData("talks", "is refused in 2001 characters")]
    [InlineData("is no model", "gives a model that can't be used: System.InvalidOperationException")]
    public void A_reader_that_is_not_safe_is_detected(string fault, string words)
    {
        FuzzReport report = FuzzRun.Run(new FaultyTarget(fault), cases: 3, seed: 1);

        Assert.Equal(3, report.Failures.Count);
        Assert.All(report.Failures, failure => Assert.Contains(words, failure, StringComparison.Ordinal));
    }

    private sealed class FaultyTarget(string fault) : IFuzzTarget
    {
        public string Name => "faulty";

        public FuzzCase Make(Random random) => new([1, 2, 3]);

        public object Open(FuzzCase file) => fault switch
        {
            "throws" => file.Files[file.Files.Length],
            "allocates" => GC.AllocateUninitializedArray<byte>((int)FuzzRun.MaxBytesAboveFile + 1000),
            "talks" => throw new InvalidDataException(new string('x', FuzzRun.MaxMessageLength + 1)),
            _ => file,
        };

        public void Inspect(object opened)
        {
            if (fault == "is no model")
            {
                throw new InvalidOperationException();
            }
        }

        public bool IsRefusal(Exception exception) => exception is InvalidDataException;
    }
}
