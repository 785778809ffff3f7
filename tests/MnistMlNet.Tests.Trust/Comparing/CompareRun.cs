using System.Text.Json;
using Microsoft.ML;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>Trains at random settings; NumPy/compare.py computes the same independently, from the published formulas.</summary>
internal static class CompareRun
{
    /// <summary>Changes a training's result.</summary>
    internal delegate TwoLayerNetworkModelParameters ResultChange(TwoLayerNetworkModelParameters initial,
        TwoLayerNetworkModelParameters result);

    /// <summary>Cases for each start of Python, whose files then have some 50 MB.</summary>
    private const int BlockCases = 1000;

    private static readonly CompareReport s_none = new(0, 0, 0, 0, new Dictionary<string, int>(), []);

    /// <summary>
    /// Gets Debian's own python3, for which its package python3-numpy installs; preferred to any other python3 on the path.
    /// </summary>
    private static string Interpreter => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <param name="firstCase">The first case's number; a case that failed can be run again alone.</param>
    /// <param name="change">Changes a result before it is compared, to test that the change is detected; null for no change.</param>
    public static CompareReport Run(int cases, int seed, int firstCase = 0, ResultChange? change = null)
    {
        CompareReport report = s_none;
        for (int first = firstCase; first < firstCase + cases; first += BlockCases)
        {
            report = report.Add(RunBlock(first, Math.Min(BlockCases, firstCase + cases - first), seed, change));
        }

        return report;
    }

    private static CompareReport RunBlock(int firstCase, int cases, int seed, ResultChange? change)
    {
        string folder = Directory.CreateTempSubdirectory("mnistmlnet-numpy-").FullName;
        try
        {
            var mlContext = new MLContext(seed: 1);
            using (var files = new CaseFiles(folder))
            {
                for (int i = firstCase; i < firstCase + cases; i++)
                {
                    Train(mlContext, RandomCase.Draw(seed, i), files, change);
                }
            }

            return JsonSerializer.Deserialize<CompareReport>(
                Python(Path.Combine(AppContext.BaseDirectory, "NumPy", "compare.py"), folder))!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Train(MLContext mlContext, RandomCase drawn, CaseFiles files, ResultChange? change)
    {
        var epochs = new List<TrainingEpoch>();
        drawn.Options.EpochCallback = epochs.Add;
        TwoLayerNetworkModelParameters? result = null;
        try
        {
            result = drawn.Fit(mlContext).Model;
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith("Training diverged", StringComparison.Ordinal))
        {
        }

        files.Add(drawn, result is null || change is null ? result : change(drawn.Initial, result), epochs);
    }

    // The matrices are small: NumPy's own threads would only slow each other down.
    private static string Python(params string[] arguments) => ChildProcess.Run(
        Interpreter, arguments, variables: new Dictionary<string, string> { ["OPENBLAS_NUM_THREADS"] = "1" });
}
