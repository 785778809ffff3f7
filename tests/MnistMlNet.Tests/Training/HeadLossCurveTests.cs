using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Serialization.Npz;
using MnistMlNet.Tests.Tasks;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// Loss curves for numbers, counts and answers of yes or no against an independent implementation in NumPy, from the same parameters, on
/// the same rows in the same order: Data/reference/head_loss_curves.json.
/// </summary>
public class HeadLossCurveTests
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    private static readonly JsonElement s_root = Load(Path.Combine(AppContext.BaseDirectory, "Data", "reference", "head_loss_curves.json"));

    public static TheoryData<string> Settings =>
        [.. s_root.GetProperty("settings").EnumerateArray().Select(setting => setting.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_epoch_has_the_loss_that_NumPy_computes(string name)
    {
        JsonElement setting = s_root.GetProperty("settings").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);
        var context = new MLContext(seed: 1);
        string column = setting.GetProperty("column").GetString()!;

        TaskModel trained = TaskTraining.Fit(
            context, Options(setting, column), Rows(context), initial: InitialModel(setting, column));

        AssertCurve(setting, "losses", trained, epoch => epoch.TrainLoss);
        AssertCurve(setting, "accuracies", trained, epoch => epoch.TrainAccuracy);
        AssertCurve(setting, "rmse", trained, epoch => epoch.TrainRootMeanSquaredError!.Value);
        AssertCurve(setting, "r2", trained, epoch => epoch.TrainRSquared!.Value);
        float[] parameters =
        [
            .. trained.Model.HiddenWeights.Span, .. trained.Model.HiddenBiases.Span, .. trained.Model.OutputWeights.Span,
            .. trained.Model.OutputBiases.Span,
        ];
        double[] final = Parameters(setting.GetProperty("final"));
        Assert.Equal(final.Length, parameters.Length);
        for (int i = 0; i < final.Length; i++)
        {
            Check.Close(final[i], parameters[i], 1e-3 * Math.Max(1, Math.Abs(final[i])), $"{name}: parameter {i}");
        }
    }

    [NumPyFact]
    public void The_script_next_to_the_frozen_numbers_reproduces_them()
    {
        using var folder = new TemporaryFolder();
        string again = folder.File("again.json");

        NumPyFactAttribute.Python(Path.Combine(LossCurves.Folder, "head_loss_curves.py"), again);

        JsonElement made = Load(again);
        Assert.Equal(s_root.GetProperty("labels").GetRawText(), made.GetProperty("labels").GetRawText());
        foreach ((JsonElement frozen, JsonElement anew) in
            s_root.GetProperty("settings").EnumerateArray().Zip(made.GetProperty("settings").EnumerateArray()))
        {
            Assert.Equal(frozen.GetProperty("options").GetRawText(), anew.GetProperty("options").GetRawText());
            Assert.All(Numbers(frozen.GetProperty("losses")).Zip(Numbers(anew.GetProperty("losses"))), pair =>
                Assert.Equal(pair.First, pair.Second, 1e-6));                  // NumPy's own sums depend on its BLAS
        }
    }

    private static void AssertCurve(JsonElement setting, string measure, TaskModel trained, Func<TrainingEpoch, double> get)
    {
        if (!setting.TryGetProperty(measure, out JsonElement curve))
        {
            return;
        }

        double[] expected = Numbers(curve);
        Assert.Equal(expected.Length, trained.History.Epochs.Count);
        for (int e = 0; e < expected.Length; e++)
        {
            Check.Close(
                expected[e], get(trained.History.Epochs[e]), 1e-4 * Math.Max(1, Math.Abs(expected[e])),
                $"{setting.GetProperty("name")}: {measure} of epoch {e + 1}");
        }
    }

    private static TwoLayerNetworkOptions Options(JsonElement setting, string column)
    {
        TwoLayerNetworkOptions options = column switch
        {
            "binary" => new TwoLayerNetworkBinaryTrainer.Options(),
            "answers" => new TwoLayerNetworkMultilabelTrainer.Options(),
            _ => new TwoLayerNetworkRegressionTrainer.Options(),
        };
        (options.LabelColumnName, options.HiddenUnits, options.Shuffle, options.Seed, options.StandardizeFeatures) =
            (column, s_root.GetProperty("hiddenUnits").GetInt32(), false, 1, false);
        foreach (JsonProperty option in setting.GetProperty("options").EnumerateObject())
        {
            FieldInfo field = options.GetType().GetField(option.Name)
                ?? throw new NotSupportedException($"There is no option {option.Name}.");
            field.SetValue(options, option.Value.Deserialize(field.FieldType, s_json));
        }

        return options;
    }

    private static TwoLayerNetworkModelParametersBase InitialModel(JsonElement setting, string column)
    {
        JsonElement initial = setting.GetProperty("initial");
        float[] Part(string name) => Floats(initial.GetProperty(name));
        (int inputs, int hidden, int outputs) =
            (s_root.GetProperty("inputs").GetInt32(), s_root.GetProperty("hiddenUnits").GetInt32(), Part("b2").Length);
        Activation activation = Enum.Parse<Activation>(setting.GetProperty("options").GetProperty("Activation").GetString()!);
        return column switch
        {
            "binary" => TwoLayerNetworkBinaryModelParameters.Create(
                inputs, hidden, Part("w1"), Part("b1"), Part("w2"), Part("b2"), activation),
            "answers" => TwoLayerNetworkMultilabelModelParameters.Create(
                inputs, hidden, outputs, Part("w1"), Part("b1"), Part("w2"), Part("b2"), activation),
            _ => TwoLayerNetworkRegressionModelParameters.Create(
                inputs, hidden, outputs, Part("w1"), Part("b1"), Part("w2"), Part("b2"), activation, isExponential: column == "counts"),
        };
    }

    private static IDataView Rows(MLContext context)
    {
        float[] features = Floats(s_root.GetProperty("features"));
        float[][] labels = [.. new[] { "binary", "number", "counts", "numbers", "answers" }
            .Select(name => Floats(s_root.GetProperty("labels").GetProperty(name)))];
        int rows = labels[0].Length;
        float[] Slice(float[] all, int r) => all[(r * (all.Length / rows))..((r + 1) * (all.Length / rows))];
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(r => new CurveRow
        {
            Features = Slice(features, r),
            Binary = labels[0][r],
            Number = labels[1][r],
            Counts = labels[2][r],
            Numbers = Slice(labels[3], r),
            Answers = Slice(labels[4], r),
        }).ToArray());
    }

    private static JsonElement Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    }

    private static double[] Parameters(JsonElement parts) =>
        [.. new[] { "w1", "b1", "w2", "b2" }.SelectMany(name => Numbers(parts.GetProperty(name)))];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(item =>
        item.ValueKind == JsonValueKind.Null ? double.NaN : item.GetDouble())];

    private static float[] Floats(JsonElement array) => Array.ConvertAll(Numbers(array), x => (float)x);

    private sealed class CurveRow
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        [ColumnName("binary")]
        public float Binary { get; set; }

        [ColumnName("number")]
        public float Number { get; set; }

        [ColumnName("counts")]
        public float Counts { get; set; }

        [ColumnName("numbers")]
        [VectorType(5)]
        public float[] Numbers { get; set; } = [];

        [ColumnName("answers")]
        [VectorType(3)]
        public float[] Answers { get; set; } = [];
    }
}
