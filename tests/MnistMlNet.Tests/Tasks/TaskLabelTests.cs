using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Labels that don't fit the task: each is refused, or skipped and counted, and the message says what to do.</summary>
public sealed class TaskLabelTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(40);

    [Theory]
    [InlineData(TaskTraining.Binary, "Double", "expected Boolean, got Double", "Conversion.ConvertType")]
    [InlineData(TaskTraining.Binary, "Text", "expected Boolean, got String", "Conversion.ConvertType or MapValue")]
    [InlineData(TaskTraining.Binary, "ThreeKeys", "expected Boolean, got Key<UInt32, 0-2>",
        "MulticlassClassification.Trainers.TwoLayerNetwork")]
    [InlineData(TaskTraining.Binary, "Vector", "expected Boolean, got Vector<Single, 3>", "Regression.Trainers.TwoLayerNetwork")]
    [InlineData(TaskTraining.Number, "Double", "expected Single or Vector<Single> of known size, got Double", "ConvertType(\"Double\")")]
    [InlineData(TaskTraining.Number, "ThreeKeys", "got Key<UInt32, 0-2>", "MulticlassClassification.Trainers.TwoLayerNetwork")]
    [InlineData(TaskTraining.Number, "Unsized", "got Vector<Single>", "of known size")]
    [InlineData(TaskTraining.Labels, "Single", "expected Vector<Boolean> or Vector<Single> of known size, got Single",
        "BinaryClassification.Trainers.TwoLayerNetwork")]
    [InlineData(TaskTraining.Labels, "ThreeKeys", "got Key<UInt32, 0-2>", "MulticlassClassification.Trainers.TwoLayerNetwork")]
    [InlineData(TaskTraining.Labels, "Unsized", "got Vector<Single>", "of known size")]
    public void A_label_of_the_wrong_type_is_refused_with_the_trainer_that_fits_it(string task, string column, string found, string remedy)
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, 10).Select(i => new TypedRow { ThreeKeys = (uint)(i % 3), Vector = [1, 0, 1], Unsized = new float[2] }));

        Exception error = Assert.ThrowsAny<ArgumentException>(() => Fit(task, data, options => options.LabelColumnName = column));

        Assert.Contains($"Schema mismatch for label column '{column}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_the_wrong_type_is_refused_before_training_by_GetOutputSchema()
    {
        SchemaShape shape = SchemaText.Shape(TaskRows.View(_mlContext, _rows).Schema);
        foreach ((string task, string column) in (IEnumerable<(string, string)>)
            [(TaskTraining.Binary, "Numbers"), (TaskTraining.Number, "Answer"), (TaskTraining.Labels, "Number")])
        {
            IEstimator<ITransformer> trainer =
                TaskTraining.Trainer(_mlContext, TaskTraining.Options(task, options => options.LabelColumnName = column));

            Exception error = Assert.ThrowsAny<ArgumentException>(() => trainer.GetOutputSchema(shape));

            Assert.Contains($"Schema mismatch for label column '{column}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(TaskTraining.Number)]
    [InlineData(TaskTraining.Numbers)]
    [InlineData(TaskTraining.Counts)]
    [InlineData(TaskTraining.Labels)]
    public void Rows_of_a_missing_label_are_skipped_and_counted(string task)
    {
        TaskRow[] rows = [.. _rows.Select((row, i) => i % 5 == 0 ? Missing(row) : row)];
        var messages = new LogMessages(_mlContext);

        TaskModel model = Fit(task, View(rows)), expected = Fit(task, View(rows.Where((_, i) => i % 5 != 0)));

        Assert.Equal((32, 8), (model.History.RowsTrained, model.History.RowsSkipped));
        Assert.Equal(expected.Bits, model.Bits);
        Assert.Contains(messages.Warnings, message => message == "8 training rows were skipped: 8 with missing label.");
        InvalidOperationException none = Assert.Throws<InvalidOperationException>(() => Fit(task, View(rows.Select(Missing))));
        Assert.Contains("No valid training instances found: all 40 rows were skipped", none.Message, StringComparison.Ordinal);

        static TaskRow Missing(TaskRow row) => row.With(copy =>
        {
            (copy.Number, copy.Count, copy.Numbers[1]) = (float.NaN, float.NaN, float.NaN);
            copy.Answers.AsSpan().Fill(float.NaN);
        });
    }

    [Fact]
    public void A_missing_number_or_key_is_no_answer()
    {
        IDataView numbers = _mlContext.Data.LoadFromEnumerable(
            _rows.Select((row, i) => new NumberRow { Features = row.Features, Label = i == 7 ? float.NaN : row.Answer ? 1 : -1 }));
        var schema = SchemaDefinition.Create(typeof(PairRow));
        schema[nameof(PairRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), 2);
        IDataView keys = _mlContext.Data.LoadFromEnumerable(
            _rows.Select((row, i) => new PairRow { Features = row.Features, Label = i == 7 ? uint.MaxValue : row.Answer ? 1u : 0 }),
            schema);
        TaskModel expected = Fit(TaskTraining.Binary, View(_rows.Where((_, i) => i != 7)));

        TaskModel ofNumbers = TaskModel.Of(Binary().Fit(numbers)), ofKeys = TaskModel.Of(Binary().Fit(keys));
        Assert.Equal((39, 1), (ofNumbers.History.RowsTrained, ofNumbers.History.RowsSkipped));
        Assert.Equal(expected.Bits, ofNumbers.Bits);
        Assert.Equal((39, 1), (ofKeys.History.RowsTrained, ofKeys.History.RowsSkipped));
        Assert.Equal(expected.Bits, ofKeys.Bits);

        TwoLayerNetworkBinaryTrainer Binary() => (TwoLayerNetworkBinaryTrainer)TaskTraining.Trainer(
            _mlContext, TaskTraining.Options(TaskTraining.Binary, options => options.LabelColumnName = "Label"));
    }

    [Theory]
    [InlineData(TaskTraining.Number, float.PositiveInfinity)]
    [InlineData(TaskTraining.Number, float.NegativeInfinity)]
    [InlineData(TaskTraining.Numbers, float.PositiveInfinity)]
    [InlineData(TaskTraining.Counts, float.PositiveInfinity)]
    public void Rows_of_an_infinite_target_are_skipped_and_counted(string task, float infinite)
    {
        TaskRow[] rows = [.. _rows];
        rows[7] = rows[7].With(copy => (copy.Number, copy.Count, copy.Numbers[2]) = (infinite, infinite, infinite));
        var messages = new LogMessages(_mlContext);

        TaskModel model = Fit(task, View(rows));

        Assert.Equal((39, 1), (model.History.RowsTrained, model.History.RowsSkipped));
        Assert.Equal(Fit(task, View(rows.Where((_, i) => i != 7))).Bits, model.Bits);
        Assert.Contains("1 training rows were skipped: 1 with a label that is infinite or beyond ±1e36.", messages.Warnings);
    }

    [Fact]
    public void Labels_of_one_class_train_with_a_warning()
    {
        var messages = new LogMessages(_mlContext);
        TaskRow[] rows = [.. _rows.Select(row => row.With(copy => copy.Answer = true))];

        TaskModel model = Fit(TaskTraining.Binary, View(rows), options => options.NumberOfEpochs = 50);

        Assert.Contains("All 40 training rows have the label True; the model will predict nothing else.", messages.Warnings);
        Assert.All(TaskTraining.Scores(TaskTraining.Binary, model.Transformer.Transform(View(rows))), p => Assert.InRange(p, 0.7, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_negative_count_is_refused_with_its_row(bool cacheRows)
    {
        TaskRow[] rows = [.. _rows];
        rows[23] = rows[23].With(copy => copy.Count = -0.5f);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            Fit(TaskTraining.Counts, View(rows), options => options.CacheRows = cacheRows));

        Assert.Equal(
            "Row 23 of column 'Count' has the label -0.5; RegressionLoss.Poisson needs 0 or above. Choose another Options.Loss, or correct "
                + "the row.", error.Message);
    }

    [Fact]
    public void Counts_that_are_all_0_have_a_rate_near_0()
    {
        TaskRow[] rows = [.. _rows.Select(row => row.With(copy => copy.Count = 0))];

        TaskModel model = Fit(TaskTraining.Counts, View(rows), options => options.NumberOfEpochs = 200);

        Assert.All(TaskTraining.Scores(TaskTraining.Counts, model.Transformer.Transform(View(rows))), rate => Assert.InRange(rate, 0, 0.2));
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(2f)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void A_label_other_than_0_and_1_is_refused_with_row_and_slot(float value)
    {
        TaskRow[] rows = [.. _rows];
        rows[5] = rows[5].With(copy => copy.Answers[2] = value);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Fit(TaskTraining.Labels, View(rows)));

        Assert.StartsWith("Row 5 of column 'Answers' has the label ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            " in slot 2; 0, 1 or NaN (unknown) is expected. For other numbers use the regression trainer.", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TaskTraining.Numbers)]
    [InlineData(TaskTraining.Labels)]
    public void A_vector_label_of_another_length_than_its_column_is_refused(string task)
    {
        foreach (int length in (int[])[0, 2, 4])
        {
            TaskRow[] rows = [.. _rows];
            rows[11] = rows[11].With(copy => (copy.Numbers, copy.Answers) = (new float[length], new float[length]));

            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Fit(task, View(rows)));

            string column = task == TaskTraining.Numbers ? "Numbers" : "Answers";
            Assert.StartsWith(
                $"Row 11 of column '{column}' has {length} values; 3 are expected, as the column's type says.", error.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_sparse_vector_label_is_read_as_the_dense_one()
    {
        TaskModel expected = Fit(TaskTraining.Labels, View(_rows));

        TaskModel sparse = Fit(TaskTraining.Labels, SparseLabels(row =>
        {
            int[] places = [.. Enumerable.Range(0, 3).Where(k => row.Answers[k] != 0)];
            return new VBuffer<float>(3, places.Length, [.. places.Select(k => row.Answers[k])], places);
        }));

        Assert.Equal(expected.Bits, sparse.Bits);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public void A_sparse_vector_label_with_wrong_indices_is_refused(int first, int second)
    {
        IDataView data = SparseLabels(_ => new VBuffer<float>(3, 2, [1, 1], [first, second]));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Fit(TaskTraining.Labels, data));

        Assert.StartsWith("Row 0 of column 'Answers' ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RegressionLoss.Huber)]
    [InlineData(RegressionLoss.Absolute)]
    [InlineData(RegressionLoss.Quantile)]
    public void An_outlier_beyond_any_float_of_the_others_unit_counts_as_a_far_one(RegressionLoss loss)
    {
        // In the unit of the others, 1e-20, it would be 1e50.
        TaskRow[] rows = [.. _rows.Select((row, i) => row.With(copy => copy.Number = i == 3 ? 1e30f : 1e-20f * row.Number))];

        TaskModel model = TaskTraining.Fit(_mlContext, new TwoLayerNetworkRegressionTrainer.Options
        {
            LabelColumnName = "Number",
            HiddenUnits = 6,
            NumberOfEpochs = 100,
            Loss = loss,
            Seed = 1,
        }, View(rows));

        float[] scores = TaskTraining.Scores(TaskTraining.Number, model.Transformer.Transform(View(rows)));
        Assert.All(scores, score => Assert.InRange(score / 1e-20f, -20, 20));
        Assert.All(model.History.Epochs, epoch => Assert.True(epoch.TrainLoss > 1e20, "The outlier isn't left out."));
    }

    private IDataView View(IEnumerable<TaskRow> rows) => TaskRows.View(_mlContext, rows);

    private IDataView SparseLabels(Func<TaskRow, VBuffer<float>> label)
    {
        var schema = SchemaDefinition.Create(typeof(SparseRow));
        schema[nameof(SparseRow.Answers)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        return _mlContext.Data.LoadFromEnumerable(
            _rows.Select(row => new SparseRow { Features = row.Features, Answers = label(row) }), schema);
    }

    private TaskModel Fit(string task, IDataView data, Action<TwoLayerNetworkOptions>? change = null) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task, change), data);

    private sealed class TypedRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        public double Double { get; set; }

        public float Single { get; set; }

        public string Text { get; set; } = "yes";

        [KeyType(3)]
        public uint ThreeKeys { get; set; }

        [VectorType(3)]
        public float[] Vector { get; set; } = [];

        public float[] Unsized { get; set; } = [];
    }

    private sealed class PairRow
    {
        [VectorType(TaskRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    private sealed class NumberRow
    {
        [VectorType(TaskRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class SparseRow
    {
        [VectorType(TaskRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        public VBuffer<float> Answers { get; set; }
    }
}
