using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Trained models of every task: saved and loaded, continued, measured, and in a prediction engine.</summary>
public sealed class ModelTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Tasks => TaskTraining.All;

    private IDataView Data => TaskRows.View(_mlContext, TaskRows.Make(120));

    private IDataView Other => TaskRows.View(_mlContext, TaskRows.Make(80, seed: 2));

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_loaded_model_has_every_part_of_the_saved_one(string task)
    {
        TaskModel saved = Fit(task, options => options.Activation = Activation.Tanh, Other);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(saved.Transformer, Data.Schema, stream);
        stream.Position = 0;

        TaskModel loaded = TaskModel.Of(new MLContext().Model.Load(stream, out _));

        Assert.Equal(saved.Bits, loaded.Bits);
        Assert.Equal(Activation.Tanh, loaded.Model.Activation);
        Assert.Equal(saved.History.Epochs, loaded.History.Epochs);
        Assert.Equal(saved.History.Options, loaded.History.Options);
        Assert.Equal(
            (saved.History.BestEpoch, saved.History.StopReason, saved.History.StopDescription, saved.History.RowsTrained,
                saved.History.RowsSkipped, saved.History.BatchSize),
            (loaded.History.BestEpoch, loaded.History.StopReason, loaded.History.StopDescription, loaded.History.RowsTrained,
                loaded.History.RowsSkipped, loaded.History.BatchSize));
        Assert.Equal(
            SchemaText.Lines(saved.Transformer.GetOutputSchema(Data.Schema)),
            SchemaText.Lines(loaded.Transformer.GetOutputSchema(Data.Schema)));
        Assert.Equal(Scores(task, saved, Other), Scores(task, loaded, Other));
        Assert.Equal(
            (saved.Model as TwoLayerNetworkRegressionModelParameters)?.IsExponential,
            (loaded.Model as TwoLayerNetworkRegressionModelParameters)?.IsExponential);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_NumPy_archive_holds_the_whole_network(string task)
    {
        using var folder = new TemporaryFolder();
        TaskModel saved = Fit(task);
        string path = folder.File("network.npz");

        saved.Model.SaveNpz(path);

        float[] row = [0.1f, -0.2f, 0.3f, 0.5f], expected = new float[saved.Model.OutputCount], actual = new float[saved.Model.OutputCount];
        switch (saved.Model)
        {
            case TwoLayerNetworkBinaryModelParameters binary:
                (expected[0], actual[0]) = (binary.Predict(row), TwoLayerNetworkBinaryModelParameters.LoadNpz(path).Predict(row));
                break;
            case TwoLayerNetworkRegressionModelParameters regression:
                regression.Predict(row, expected);
                TwoLayerNetworkRegressionModelParameters.LoadNpz(path, isExponential: regression.IsExponential).Predict(row, actual);
                break;
            case TwoLayerNetworkMultilabelModelParameters labels:
                labels.Predict(row, expected);
                TwoLayerNetworkMultilabelModelParameters.LoadNpz(path).Predict(row, actual);
                break;
        }

        Check.SameBits(expected, actual, task);
        Assert.DoesNotContain(0, expected);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_delivered_schema_has_the_shape_of_GetOutputSchema(string task)
    {
        IEstimator<ITransformer> trainer = TaskTraining.Trainer(_mlContext, TaskTraining.Options(task));
        IDataView data = Data;

        string[] promised = SchemaText.Lines(trainer.GetOutputSchema(SchemaText.Shape(data.Schema)));

        Assert.Equal(promised, SchemaText.Lines(SchemaText.Shape(trainer.Fit(data).GetOutputSchema(data.Schema))));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_view_the_cursor_and_the_mapper_have_one_schema(string task)
    {
        IDataView data = Data;
        ITransformer transformer = Fit(task).Transformer;
        IDataView scored = transformer.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);

        string[] expected = SchemaText.Lines(transformer.GetOutputSchema(data.Schema));
        Assert.Equal(expected, SchemaText.Lines(scored.Schema));
        Assert.Equal(expected, SchemaText.Lines(transformer.GetRowToRowMapper(data.Schema).OutputSchema));
        Assert.Same(scored.Schema, cursor.Schema);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void ContinueFit_starts_at_the_models_parameters(string task)
    {
        TaskModel model = Fit(task, options => options.NumberOfEpochs = 20);
        int[] before = model.Bits;
        void Still(TwoLayerNetworkOptions options) => (options.Optimizer, options.LearningRate, options.BatchSize, options.NumberOfEpochs) =
            (Optimizer.GradientDescent, float.Epsilon, 0, 1);

        TaskModel same = TaskTraining.ContinueFit(_mlContext, TaskTraining.Options(task, Still), model, Other);
        TaskModel learned = TaskTraining.ContinueFit(_mlContext, TaskTraining.Options(task), model, Other);
        TaskModel byFit = TaskTraining.Fit(_mlContext, TaskTraining.Options(task), Other, initial: model.Model);

        // Features and targets are scaled by the new rows and back: the scores are the same but for rounding.
        Assert.All(Scores(task, model, Other).Zip(Scores(task, same, Other)), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
        Assert.True(learned.History.Epochs[^1].TrainLoss < learned.History.Epochs[0].TrainLoss);
        Assert.NotEqual(before, learned.Bits);
        Assert.Equal(before, model.Bits);
        Assert.Equal(byFit.Bits, learned.Bits);
        Assert.Equal(80, learned.History.RowsTrained);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Validation_is_measured_as_ML_NET_evaluates_the_scored_rows(string task)
    {
        TaskModel model = Fit(task, validation: Other);

        AssertMeasured(task, model.History.Epochs[^1], model.Transformer.Transform(Other));
        Assert.All(model.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_best_epoch_is_restored_where_training_stops_early(string task)
    {
        TaskModel model = Fit(
            task, options =>
            {
                (options.NumberOfEpochs, options.EarlyStoppingPatience, options.RestoreBestEpoch) = (400, 3, true);
                (options.Optimizer, options.LearningRate, options.EarlyStoppingTolerance) = (Optimizer.Adam, 0.3f, 0.001f);
            },
            Other);

        Assert.Equal(StopReason.EarlyStopping, model.History.StopReason);
        TrainingEpoch best = model.History.Epochs.MinBy(epoch => epoch.ValidationLoss)!;
        Assert.Equal(best.Epoch, model.History.BestEpoch);
        Assert.InRange(model.History.Epochs.Count, best.Epoch + 1, 399);
        AssertMeasured(task, best, model.Transformer.Transform(Other));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Progress_is_logged_without_a_value_that_is_not_a_number(string task)
    {
        var messages = new LogMessages(_mlContext);

        Fit(task, validation: Other);

        Assert.Equal(5, messages.Infos.Count(message => message.StartsWith("Epoch ", StringComparison.Ordinal)));
        Assert.DoesNotContain(messages.Infos, message => message.Contains("NaN", StringComparison.Ordinal));
    }

    /// <summary>Compares the validation measures of an epoch with those of ML.NET for rows scored after it.</summary>
    private void AssertMeasured(string task, TrainingEpoch epoch, IDataView scored)
    {
        switch (task)
        {
            case TaskTraining.Binary:
                CalibratedBinaryClassificationMetrics binary =
                    _mlContext.BinaryClassification.Evaluate(scored, nameof(TaskRow.Answer));
                Assert.Equal(binary.LogLoss * Math.Log(2), epoch.ValidationLoss!.Value, 1e-5);     // ML.NET's is in bits
                Assert.Equal(binary.Accuracy, epoch.ValidationAccuracy!.Value, 1e-6);
                Assert.Null(epoch.ValidationRSquared);
                break;
            case TaskTraining.Labels:
                MultilabelMetrics labels = _mlContext.MulticlassClassification.EvaluateMultilabel(scored, nameof(TaskRow.Answers));
                Assert.Equal(1 - labels.HammingLoss, epoch.ValidationAccuracy!.Value, 1e-6);
                Assert.Equal(labels.LogLoss, epoch.ValidationLoss!.Value, 1e-5);
                break;
            case TaskTraining.Numbers:
                float[][] scores = [.. scored.GetColumn<float[]>("Score")];
                float[][] targets = [.. scored.GetColumn<float[]>(nameof(TaskRow.Numbers))];
                double square = scores.Zip(targets, (s, t) => s.Zip(t, (a, b) => Math.Pow((double)a - b, 2)).Average()).Average();
                Assert.Equal(Math.Sqrt(square), epoch.ValidationRootMeanSquaredError!.Value, 1e-4 * Math.Sqrt(square));
                Assert.Null(epoch.ValidationAccuracy);
                break;
            default:
                RegressionMetrics numbers = _mlContext.Regression.Evaluate(
                    scored, task == TaskTraining.Counts ? nameof(TaskRow.Count) : nameof(TaskRow.Number));
                Assert.Equal(numbers.RootMeanSquaredError, epoch.ValidationRootMeanSquaredError!.Value, 1e-5);
                Assert.Equal(numbers.RSquared, epoch.ValidationRSquared!.Value, 1e-4);
                Assert.Null(epoch.ValidationAccuracy);
                break;
        }
    }

    private static float[] Scores(string task, TaskModel model, IDataView data) =>
        TaskTraining.Scores(task, model.Transformer.Transform(data));

    private TaskModel Fit(string task, Action<TwoLayerNetworkOptions>? change = null, IDataView? validation = null) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task, change), Data, validation);
}
