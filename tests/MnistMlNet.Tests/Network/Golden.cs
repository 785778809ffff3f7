using System.Text.Json;

namespace MnistMlNet.Tests.Network;

/// <summary>
/// Data/golden.json: a small data set, initial parameters, first gradients and the state after ten full-batch steps, from the corrected
/// NumPy design.
/// </summary>
internal sealed class Golden
{
    /// <summary>float32 against NumPy's float64, over ten steps on numbers up to 1.1: the bound that the design sets.</summary>
    public const double Tolerance = 1e-5;

    public const float LearningRate = 0.1f;

    private readonly JsonElement _root;

    private Golden(JsonElement root)
    {
        _root = root;
        Rows = new SampleRows(Inputs, Floats("X"), [.. Numbers("Y").Select(y => (int)y)], null);
    }

    public int Inputs => _root.GetProperty("D").GetInt32();

    public int HiddenUnits => _root.GetProperty("H").GetInt32();

    public int Classes => _root.GetProperty("K").GetInt32();

    public int Steps => _root.GetProperty("steps").GetInt32();

    public SampleRows Rows { get; }

    public static Golden Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "golden.json")));
        return new Golden(document.RootElement.Clone());
    }

    /// <summary>All numbers of an array of any depth, row-major.</summary>
    public double[] Numbers(string name) => [.. Flatten(_root.GetProperty(name))];

    public float[] Floats(string name) => Array.ConvertAll(Numbers(name), x => (float)x);

    /// <summary>Parameters or gradients in the order W1, b1, W2, b2, by the suffix or prefix of their names.</summary>
    public double[] Block(string prefix, string suffix) =>
        [.. Numbers($"{prefix}w1{suffix}"), .. Numbers($"{prefix}b1{suffix}"), .. Numbers($"{prefix}w2{suffix}"),
            .. Numbers($"{prefix}b2{suffix}")];

    public TwoLayerNetworkModelParameters InitialModel() =>
        TwoLayerNetworkModelParameters.Create(Inputs, HiddenUnits, Classes, Floats("w1"), Floats("b1"), Floats("w2"), Floats("b2"));

    private static IEnumerable<double> Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flatten) : [element.GetDouble()];
}
