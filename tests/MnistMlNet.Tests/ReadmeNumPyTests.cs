using System.Globalization;
using System.Text.RegularExpressions;
using MnistMlNet.Mnist;
using MnistMlNet.Tests.Serialization.Npz;

namespace MnistMlNet.Tests;

/// <summary>
/// The README's exchange with NumPy in both directions: its Python and its C# run one after the other, on the same digits.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed partial class ReadmeNumPyTests : IDisposable
{
    private const int DigitCount = 1000;

    // Float32 against NumPy's float64 over 784 products of up to 0.5.
    private const double Tolerance = 1e-5;

    private readonly ReadmeFolder _folder = ReadmeFolder.WithFewDigits(DigitCount);
    private readonly string _before = Environment.CurrentDirectory;
    private readonly float[][] _rows;
    private readonly int[] _labels;

    public ReadmeNumPyTests()
    {
        DigitSet digits = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
            Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        _labels = [.. Enumerable.Range(0, DigitCount).Select(i => (int)digits.Label(i))];
        _rows = [.. Enumerable.Range(0, DigitCount).Select(i => Array.ConvertAll(digits.Pixels(i).ToArray(), pixel => pixel / 255f))];
        foreach (string file in Directory.GetFiles(_folder.Mnist))
        {
            File.Copy(file, Path.Combine(_folder.Project, Path.GetFileName(file)));                          // the script's place for them
        }

        Environment.CurrentDirectory = _folder.Project;
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [NumPyFact]
    public void The_network_of_the_original_script_is_trained_further_in_ML_NET_and_read_back()
    {
        string[] blocks = [
            .. PythonBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, blocks.Length);

        // What NumPy predicts with its own parameters, in float64, we predict from its file.
        double[][] begunByNumPy = Probabilities(blocks[0] + "z1, a1, z2, a2 = forward(w1, b1, w2, b2, X_train)\n");
        TwoLayerNetworkModelParameters begun = TwoLayerNetworkModelParameters.LoadNpz("numpy.npz");
        AssertSame(begunByNumPy, begun);

        ReadmeExample.ContinueFromNumPy();

        // And what we predict, NumPy predicts from ours.
        TwoLayerNetworkModelParameters continued = TwoLayerNetworkModelParameters.LoadNpz("mlnet.npz");
        AssertSame(Probabilities(blocks[1]), continued);
        Assert.InRange(Accuracy(begun), 0.15, 0.9);
        Assert.InRange(Accuracy(continued), 0.95, 1);
    }

    [Fact]
    public void The_example_continues_from_any_archive_of_that_shape()
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        var begun = TwoLayerNetworkModelParameters.Create(784, 32, 10, Values(32 * 784), Values(32), Values(10 * 32), Values(10));
        begun.SaveNpz("numpy.npz");

        ReadmeExample.ContinueFromNumPy();

        Assert.InRange(Accuracy(begun), 0, 0.3);
        Assert.InRange(Accuracy(TwoLayerNetworkModelParameters.LoadNpz("mlnet.npz")), 0.95, 1);
    }

    /// <summary>Runs the original script and then additional Python, and gives the resulting <c>a2</c>, by sample.</summary>
    private static double[][] Probabilities(string python)
    {
        string original = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "original.py"));
        File.WriteAllText("script.py", $"{original}\n{python}\nnp.savetxt('a2.txt', a2.T)\n");
        NumPyFactAttribute.Python(Path.GetFullPath("script.py"));
        return [.. File.ReadLines("a2.txt").Select(line =>
            Array.ConvertAll(line.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture)))];
    }

    private void AssertSame(double[][] expected, TwoLayerNetworkModelParameters model)
    {
        Assert.Equal(DigitCount, expected.Length);
        for (int i = 0; i < DigitCount; i++)
        {
            Check.Close(expected[i], Predict(model, i), Tolerance, $"digit {i}");
        }
    }

    private double Accuracy(TwoLayerNetworkModelParameters model) =>
        Enumerable.Range(0, DigitCount).Average(i => Predict(model, i) is var p && Array.IndexOf(p, p.Max()) == _labels[i] ? 1.0 : 0.0);

    private float[] Predict(TwoLayerNetworkModelParameters model, int digit)
    {
        float[] probabilities = new float[model.ClassCount];
        model.Predict(_rows[digit], probabilities);
        return probabilities;
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
