using Microsoft.ML;
using MnistMlNet.Primitives;
using MnistMlNet.Tests.Serialization.Npz;

namespace MnistMlNet.Tests.Primitives;

/// <summary>Texts from files and users are quoted in messages, but with a limited length, and without line breaks.</summary>
public sealed class ShownTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_up_to_the_limit_is_shown_whole_and_beyond_it_cut()
    {
        Assert.Equal(new string('a', 200), Shown.Text(new string('a', 200)));
        Assert.Equal(new string('a', 200) + "…", Shown.Text(new string('a', 201)));
        Assert.Equal(new string('a', 4096) + "…", Shown.Long(new string('a', 1_000_000)));
    }

    // U+1F600 takes two characters; the text must not be cut between them.
    [Fact]
    public void A_cut_does_not_go_through_a_character() =>
        Assert.Equal(new string('a', 199) + "…", Shown.Text(new string('a', 199) + "😀"));

    [Fact]
    public void A_character_that_ends_at_the_limit_is_kept() =>
        Assert.Equal(new string('a', 198) + "😀…", Shown.Text(new string('a', 198) + "😀b"));

    [Fact]
    public void Control_characters_are_shown_as_their_numbers() =>
        Assert.Equal(@"a\u000d\u000ab\u001b[31m\u2028c", Shown.Text("a\r\nb\u001b[31m\u2028c"));

    [Fact]
    public void A_list_ends_after_twenty_texts()
    {
        Assert.Equal("1, 2", Shown.List(["1", "2"]));
        Assert.Equal(string.Join(", ", Enumerable.Range(1, 20)), Shown.List(Enumerable.Range(1, 20).Select(i => $"{i}")));
        Assert.Equal(string.Join(", ", Enumerable.Range(1, 20)) + ", …", Shown.List(Enumerable.Range(1, 21).Select(i => $"{i}")));
    }

    public static TheoryData<string> Sources =>
        ["column", "class weight", "path to write", "path to read", "name in npz", "header in npz", "column for ONNX", "wrong class"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_message_about_a_hundred_thousand_characters_is_short_and_on_one_line(string source)
    {
        // A control character in the quoted part could start a new line in a log.
        string name = "n\n" + new string('n', 100_000);

        Exception e = Assert.ThrowsAny<Exception>(() => Fail(source, name));

        Assert.InRange(e.Message.Length, 20, (2 * Shown.MaxLongLength) + 1000);
        Assert.Contains(@"n\u000annn", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("n\n", e.Message, StringComparison.Ordinal);
    }

    private void Fail(string source, string name)
    {
        var trainers = _mlContext.MulticlassClassification.Trainers;
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(20));
        switch (source)
        {
            case "column":
                // A label of one class.
                IDataView one = Examples.View(_mlContext, Examples.Rows(1));
                trainers.TwoLayerNetwork(labelColumnName: name).Fit(
                    _mlContext.Transforms.Conversion.MapValueToKey(name, "Label").Fit(one).Transform(one));
                break;
            case "class weight":
                Examples.Trainer(_mlContext, options => options.ClassWeights = new Dictionary<string, float> { [name] = 2 }).Fit(rows);
                break;
            case "path to write":
                AtomicFile.Write(_folder.File(name), _ => { });
                break;
            case "path to read":
                _mlContext.Data.LoadFromIdx(_folder.File("images"), _folder.File(name));
                break;
            case "name in npz":
                // The format holds names of up to 65,535 bytes.
                TwoLayerNetworkModelParameters.LoadNpz(_folder.Write("a.npz", NpyBytes.Zip([new(name[..60_000], [])])));
                break;
            case "header in npz":
                Dictionary<string, byte[]> arrays = NpyBytes.Network();
                arrays["w1.npy"] = NpyBytes.Make(name[..9000], "(3, 2)", new byte[24]);
                TwoLayerNetworkModelParameters.LoadNpz(_folder.Write("a.npz", NpyBytes.Zip(arrays)));
                break;
            case "column for ONNX":
                IDataView renamed = _mlContext.Transforms.CopyColumns(name, "Features").Fit(rows).Transform(rows);
                _mlContext.Model.SaveOnnx(
                    trainers.TwoLayerNetwork(featureColumnName: name).Fit(renamed), rows.Schema, _folder.File("a.onnx"));
                break;
            default:
                IDataView other = Examples.View(_mlContext, Examples.Rows(20).Select(row => row.With(label: name + row.Label)));
                trainers.TwoLayerNetwork().Fit(
                    rows, validationData: _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(other).Transform(other));
                break;
        }
    }
}
