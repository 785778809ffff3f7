using static MnistMlNet.Benchmarks.Tables.Purpose;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>The tables, half for tuning and half for reporting, kinds and sizes spread over both.</summary>
internal static class BenchmarkTables
{
    private const string MlBench = "r-cran-mlbench";
    private const string ModelData = "r-cran-modeldata";
    private const string Mass = "r-cran-mass";
    private const string Kernlab = "r-cran-kernlab";
    private const string Penguins = "r-cran-palmerpenguins";
    private const string DataSets = "r-base-core";
    private const string Sklearn = "python3-sklearn";
    private const string Synthetic = "synthetic (python3-numpy)";

    /// <summary>Gets the Debian packages that the tables and the peers come in.</summary>
    public const string Packages =
        $"{DataSets} r-cran-nnet {MlBench} {Mass} {Kernlab} {ModelData} {Penguins} {Sklearn}";

    public static IReadOnlyList<BenchmarkTable> All { get; } =
    [
        new("attrition", ModelData, Tune),
        new("birthwt", Mass, Report),
        new("breastcancer", MlBench, Report),
        new("breastdiagnostic", Sklearn, Tune),
        new("cells", ModelData, Report),
        new("crabs", Mass, Tune),
        new("credit_data", ModelData, Tune),
        new("digits", Sklearn, Tune),
        new("dna", MlBench, Report),
        new("glass", MlBench, Tune),
        new("haireyecolor", DataSets, Report),
        new("housevotes84", MlBench, Tune),
        new("infert", DataSets, Tune),
        new("ionosphere", MlBench, Report),
        new("iris", DataSets, Tune),
        new("letterrecognition", MlBench, Tune),
        new("mlc_churn", ModelData, Report),
        new("musk", Kernlab, Report),
        new("penguins", Penguins, Report),
        new("pimaindiansdiabetes2", MlBench, Tune),
        new("satellite", MlBench, Report),
        new("shuttle", MlBench, Report),
        new("sonar", MlBench, Tune),
        new("soybean", MlBench, Report),
        new("spam", Kernlab, Tune),
        new("synth", Mass, Report),
        new("titanic", DataSets, Tune),
        new("vehicle", MlBench, Report),
        new("vowel", MlBench, Tune),
        new("wine", Sklearn, Report),
        new("zoo", MlBench, Report),
        new("clusters", Synthetic, Report),
        new("offset2000", Synthetic, Tune),
        new("onehot400", Synthetic, Tune),
        new("onehot6400", Synthetic, Report),
        new("units1e-6", Synthetic, Report),
        new("xor10", Synthetic, Tune),
    ];
}
