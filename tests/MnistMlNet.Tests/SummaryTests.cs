using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MnistMlNet.Tests.Tasks;

namespace MnistMlNet.Tests;

/// <summary>What <c>ToString()</c> gives for models and histories, and the files of a history.</summary>
public sealed class SummaryTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Model_ToString_GivesLayersParametersAndClasses()
    {
        // 784 · 32 weights and 32 biases; 32 · 10 weights and 10 biases.
        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.Create(
            784, 32, 10, new float[784 * 32], new float[32], new float[320], new float[10], Activation.Tanh);

        Assert.Equal(
            """
            Layer      Shape  Activation  Parameters
            hidden  784 x 32        Tanh      25,120
            output   32 x 10     Softmax         330
            total                             25,450
            Classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
            """.ReplaceLineEndings("\n"), model.ToString());
    }

    [Fact]
    public void Transformer_ToString_GivesTheModelAndItsTraining()
    {
        Example[] rows = Examples.Rows(61);
        rows[7] = rows[7].With(features: [float.NaN, 0, 0, 0]);
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options =>
        {
            (options.Optimizer, options.Momentum, options.BatchSize) = (Optimizer.GradientDescent, 0.5f, 20);
            options.ClassWeights = new Dictionary<string, float> { ["a"] = 2 };
        }).Fit(Examples.Keyed(_mlContext, rows));

        string[] lines = model.ToString().Split('\n');

        Assert.Equal("TwoLayerNetworkTransformer of 'Features'", lines[0]);
        Assert.Equal("Classes: a, b, c", lines[5]);
        Assert.Matches(@"^5 epochs in \d+\.\d\d s, 60 rows in batches of 20, 1 skipped: ", lines[6]);
        Assert.Equal("Last epoch: " + model.History.Epochs[^1].Measures, lines[7]);
        Assert.Matches(
            @"^Options: Optimizer GradientDescent, LearningRate [0-9.]+, LearningRateSchedule \w+, Momentum 0.5, ClassWeights\[a\] 2, "
                + "Seed 1$",
            lines[^1]);
        Assert.Equal(model.ToString(), Saved(model).ToString());
    }

    [Fact]
    public void Summary_OtherCulture_IsTheSame()
    {
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(60)));
        string expected = model.ToString();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // Not one by name: the tests run with the invariant culture alone.
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator) = (",", ".");
            (other.NumberFormat.PercentDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, model.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void BinaryModel_ToString_HasTheTrainingToo()
    {
        TaskModel model = TaskTraining.Fit(
            _mlContext, TaskTraining.Options(TaskTraining.Binary), TaskRows.View(_mlContext, TaskRows.Make(40)));

        Assert.Contains("output  6 x 1     Sigmoid           7", model.Model.ToString(), StringComparison.Ordinal);
        Assert.Contains("5 epochs in ", model.Model.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void History_OfAModelThatWasNotTrainedHere_SaysSo() =>
        Assert.Equal("No training history.", TrainingHistory.None.ToString());

    [Fact]
    public void Epochs_OfATraining_KnowTheTotalsAlsoWhenLoaded()
    {
        List<TrainingEpoch> reported = [];
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options =>
            (options.ValidationFraction, options.EpochCallback) = (0.5f, reported.Add)).Fit(
                Examples.Keyed(_mlContext, Examples.Rows(60)));

        Assert.All(reported, epoch => Assert.Equal((5, 30L), (epoch.TotalEpochs, epoch.RowCount)));
        Assert.Equal(reported, model.History.Epochs);
        Assert.Equal(reported, Saved(model).History.Epochs);
    }

    [Fact]
    public void SaveCsv_HasALineAnEpochWithEmptyCellsForNumbersThatAreNotThere()
    {
        TrainingHistory history = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(60))).History;
        string path = _folder.File("history.csv");

        history.SaveCsv(path);

        string[] lines = File.ReadAllText(path).Split('\n');
        Assert.Equal(
            "Epoch,TrainLoss,TrainAccuracy,TrainRootMeanSquaredError,TrainRSquared,ValidationLoss,ValidationAccuracy,"
                + "ValidationRootMeanSquaredError,ValidationRSquared,LearningRate,ElapsedSeconds", lines[0]);
        Assert.Equal((7, ""), (lines.Length, lines[^1]));
        string[] cells = lines[5].Split(',');
        TrainingEpoch last = history.Epochs[^1];
        Assert.Equal(
            (5, last.TrainLoss, last.TrainAccuracy, last.LearningRate),
            (int.Parse(cells[0], CultureInfo.InvariantCulture), double.Parse(cells[1], CultureInfo.InvariantCulture),
                double.Parse(cells[2], CultureInfo.InvariantCulture), float.Parse(cells[9], CultureInfo.InvariantCulture)));
        Assert.All(cells[3..9], cell => Assert.Equal("", cell));
    }

    [Fact]
    public void SaveJson_HasTheWholeHistoryWithNullForNumbersThatAreNotThere()
    {
        TaskModel model = TaskTraining.Fit(
            _mlContext, TaskTraining.Options(TaskTraining.Number), TaskRows.View(_mlContext, TaskRows.Make(40)));
        string path = _folder.File("history.json");

        model.History.SaveJson(path);

        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = file.RootElement, last = root.GetProperty("epochs")[4];
        Assert.Equal((40L, 0L, 5), (root.GetProperty("rowsTrained").GetInt64(), root.GetProperty("rowsSkipped").GetInt64(),
            root.GetProperty("epochs").GetArrayLength()));
        Assert.Equal(model.History.StopReason.ToString(), root.GetProperty("stopReason").GetString());
        Assert.Equal("6", root.GetProperty("options").GetProperty("HiddenUnits").GetString());
        Assert.Equal(model.History.Epochs[^1].TrainRootMeanSquaredError, last.GetProperty("trainRootMeanSquaredError").GetDouble());
        Assert.Equal(JsonValueKind.Null, last.GetProperty("trainAccuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, last.GetProperty("validationLoss").ValueKind);
    }

    private TwoLayerNetworkTransformer Saved(TwoLayerNetworkTransformer model)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, null, stream);
        stream.Position = 0;
        return (TwoLayerNetworkTransformer)_mlContext.Model.Load(stream, out _);
    }
}
