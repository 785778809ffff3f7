using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>What is said about data without rows, without labels, or with one class.</summary>
public sealed class FewClassesTests : IDisposable
{
    private const string NoRows =
        "instances found: the data has no rows. Are the path, the loader's header setting and the filters right?";

    private const string Question = "Are the loader's separator, header setting and columns right?";

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_NoRows_SaysSo(bool cacheRows)
    {
        IDataView none = Keyed();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            Examples.Trainer(_mlContext, options => options.CacheRows = cacheRows).Fit(none));

        Assert.Equal($"No valid training {NoRows}", e.Message);
    }

    [Fact]
    public void Fit_FileReadWithAnotherSeparator_NamesTheNumberOfMissingLabels()
    {
        File.WriteAllText(_folder.File("rows.csv"), "1;2;a\n3;4;b\n5;6;a\n");
        TextLoader.Column[] columns = [new("Features", DataKind.Single, 0, 1), new("Label", DataKind.String, 2)];
        IDataView rows = _mlContext.Data.LoadFromTextFile(_folder.File("rows.csv"), columns, separatorChar: ',');
        IDataView data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Examples.Trainer(_mlContext).Fit(data));

        Assert.Equal($"No valid training instances found: all 3 rows were skipped: 3 with missing label. {Question}", e.Message);
    }

    [Fact]
    public void Fit_OneClassAndMissingLabels_NamesTheirNumber()
    {
        Example[] rows = Examples.Rows(5);
        IDataView data = Keyed([.. rows[..2].Select(row => row.With(label: "")), .. rows[2..].Select(row => row.With(label: "a"))]);

        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>("input", () => Examples.Trainer(_mlContext).Fit(data));

        Assert.StartsWith("Label column 'Label' has 1 class; 2 to ", e.Message, StringComparison.Ordinal);
        Assert.Contains($" are expected. The labels of 2 of 5 rows are missing. {Question}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FitAndContinueFit_NoRowsOrLabelsInOtherData_SaySo()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30)), none = Keyed(),
            unlabeled = Keyed(Examples.Rows(4).Select(row => row.With(label: "")));
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext);
        TwoLayerNetworkTransformer model = trainer.Fit(data);

        Assert.Equal(
            $"No valid validation {NoRows}", Assert.Throws<InvalidOperationException>(() => trainer.Fit(data, none)).Message);
        Assert.Equal(
            $"No valid training {NoRows}", Assert.Throws<InvalidOperationException>(() => trainer.ContinueFit(model, none)).Message);
        Assert.Equal(
            $"No valid validation instances found: all 4 rows were skipped: 4 with missing label. {Question}",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(data, unlabeled)).Message);
    }

    /// <summary>Rows whose keys are only those of their own labels.</summary>
    private IDataView Keyed(params IEnumerable<Example> rows)
    {
        IDataView view = Examples.View(_mlContext, [.. rows]);
        return _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }
}
