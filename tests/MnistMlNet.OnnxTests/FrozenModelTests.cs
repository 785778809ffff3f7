using System.Text.Json;

namespace MnistMlNet.OnnxTests;

/// <summary>
/// The frozen files of tests/MnistMlNet.Tests/Data/onnx.json give their frozen outputs in ONNX Runtime, so that the main suite may rely on
/// them.
/// </summary>
public sealed class FrozenModelTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("network", 20)]
    [InlineData("chain", 5)]
    public void A_frozen_file_gives_its_frozen_outputs(string name, int rows)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "onnx.json")));
        JsonElement frozen = document.RootElement.GetProperty(name);
        File.WriteAllBytes(_file.Path, frozen.GetProperty("file").GetBytesFromBase64());
        (string Name, float[] Values)[] inputs =
            [.. frozen.GetProperty("inputs").EnumerateObject().Select(input => (input.Name, Singles(input.Value)))];

        using var model = new OnnxModel(_file.Path);
        (float[] probabilities, string[] labels) = name == "network" ? Texts(model.Run<long>(rows, inputs))
            : model.Run<string>(rows, inputs);

        Check.Close(Singles(frozen.GetProperty("probabilities")), probabilities);
        Assert.Equal(frozen.GetProperty("label").EnumerateArray().Select(label => label.ToString()), labels);
    }

    private static (float[] Probabilities, string[] Labels) Texts((float[] Probabilities, long[] Labels) outputs) =>
        (outputs.Probabilities, [.. outputs.Labels.Select(label => label.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    private static float[] Singles(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetSingle())];
}
