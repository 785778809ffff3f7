using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// Data/reference/loss_curves.json: data, initial parameters and, for some settings, the results of an independent implementation in NumPy.
/// </summary>
internal sealed class LossCurves
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly JsonElement _root;

    private LossCurves(JsonElement root)
    {
        _root = root;
        Rows = new SampleRows(Count("inputs"), Floats(root.GetProperty("features")),
            [.. Numbers(root.GetProperty("labels")).Select(y => (int)y)], null);
    }

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "MnistMlNet.Tests", "Data", "reference");

    public SampleRows Rows { get; }

    public int Classes => Count("classes");

    public int HiddenUnits => Count("hiddenUnits");

    /// <summary>Gets the settings' names.</summary>
    public IEnumerable<string> Names =>
        _root.GetProperty("settings").EnumerateArray().Select(setting => setting.GetProperty("name").GetString()!);

    /// <param name="path">The file, as loss_curves.py wrote it.</param>
    public static LossCurves Load(string? path = null)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(path ?? Path.Combine(AppContext.BaseDirectory, "Data", "reference", "loss_curves.json")));
        return new LossCurves(document.RootElement.Clone());
    }

    /// <summary>The loss of each epoch; for a setting that trains to the minimum, the loss there.</summary>
    public double[] Losses(string setting) => Numbers(Setting(setting).GetProperty("losses"));

    /// <summary>Mean loss + λ/2 ‖weights‖² at the minimum, for a setting that trains to the minimum.</summary>
    public double? Objective(string setting) =>
        Setting(setting).TryGetProperty("objective", out JsonElement objective) ? objective.GetDouble() : null;

    /// <summary>The trained parameters: W1 <c>[H, I]</c>, b1, W2 <c>[C, H]</c>, b2, one after the other.</summary>
    public double[] Final(string setting) => Block(Setting(setting).GetProperty("final"));

    /// <summary>The initial parameters, in the same order. They are exact in float.</summary>
    public double[] Initial() => Block(_root.GetProperty("initial"));

    public TwoLayerNetworkModelParameters InitialModel(Activation activation)
    {
        JsonElement initial = _root.GetProperty("initial");
        float[] Part(string name) => Floats(initial.GetProperty(name));
        return TwoLayerNetworkModelParameters.Create(Rows.InputCount, HiddenUnits, Classes, Part("w1"), Part("b1"), Part("w2"), Part("b2"),
            activation);
    }

    /// <summary>Makes options from the settings, each by the name of the public field.</summary>
    /// <exception cref="NotSupportedException">There is no option of this name, or no such value of it.</exception>
    public TwoLayerNetworkTrainer.Options Options(string setting)
    {
        var options = new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = HiddenUnits,
            Shuffle = false,
            Seed = 1,
            StandardizeFeatures = false,
        };
        foreach (JsonProperty option in Setting(setting).GetProperty("options").EnumerateObject())
        {
            FieldInfo field = typeof(TwoLayerNetworkTrainer.Options).GetField(option.Name)
                ?? throw new NotSupportedException($"There is no option {option.Name}.");
            try
            {
                field.SetValue(options, option.Value.Deserialize(field.FieldType, s_json));
            }
            catch (JsonException e)
            {
                throw new NotSupportedException($"{option.Name} can't be {option.Value}.", e);
            }
        }

        return options;
    }

    /// <summary>All numbers of the file in the order of the settings, to compare two files.</summary>
    public double[] AllNumbers() =>
        [.. Rows.Features, .. Initial(), .. Names.SelectMany(name => (double[])[.. Losses(name), .. Final(name), Objective(name) ?? 0])];

    private static double[] Block(JsonElement parts) =>
        [.. new[] { "w1", "b1", "w2", "b2" }.SelectMany(name => Numbers(parts.GetProperty(name)))];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    private static float[] Floats(JsonElement array) => Array.ConvertAll(Numbers(array), x => (float)x);

    private int Count(string name) => _root.GetProperty(name).GetInt32();

    private JsonElement Setting(string name) =>
        _root.GetProperty("settings").EnumerateArray().Single(setting => setting.GetProperty("name").GetString() == name);
}
