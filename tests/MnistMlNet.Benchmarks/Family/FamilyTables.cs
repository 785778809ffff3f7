using static MnistMlNet.Benchmarks.Family.FamilyTask;
using static MnistMlNet.Benchmarks.Tables.Purpose;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>The tables, half for tuning and half for reporting, tasks and sizes spread over both. All of them are real.</summary>
internal static class FamilyTables
{
    private const string DataSets = "r-base-core";
    private const string Mass = "r-cran-mass";
    private const string MlBench = "r-cran-mlbench";
    private const string ModelData = "r-cran-modeldata";
    private const string Sklearn = "python3-sklearn";

    public static IReadOnlyList<FamilyTable> All { get; } =
    [
        new("bostonhousing", Regression, 1, MlBench, Tune),
        new("servo", Regression, 1, MlBench, Tune),
        new("mtcars", Regression, 1, DataSets, Tune),
        new("concrete", Regression, 1, ModelData, Tune),
        new("sacramento", Regression, 1, ModelData, Tune),
        new("ozone", Regression, 1, MlBench, Report),
        new("airquality", Regression, 1, DataSets, Report),
        new("faithful", Regression, 1, DataSets, Report),
        new("cpus", Regression, 1, Mass, Report),
        new("diabetes", Regression, 1, Sklearn, Report),
        new("meats", Regression, 3, ModelData, Tune),
        new("linnerud", Regression, 3, Sklearn, Report),
        new("warpbreaks", Counts, 1, DataSets, Tune),
        new("insectsprays", Counts, 1, DataSets, Report),
        new("quine", Counts, 1, Mass, Report),
        new("breastdiagnostic", Binary, 1, Sklearn, Tune),
        new("pimaindiansdiabetes2", Binary, 1, MlBench, Tune),
        new("birthwt", Binary, 1, Mass, Report),
        new("ionosphere", Binary, 1, MlBench, Report),
        new("zootraits", Multilabel, 6, MlBench, Tune),
        new("stackoverflow", Multilabel, 13, ModelData, Report),
    ];
}
