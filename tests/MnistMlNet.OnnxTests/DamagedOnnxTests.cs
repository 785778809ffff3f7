using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.OnnxTests;

/// <summary>
/// Damaged files of ours in ONNX Runtime: if a file was truncated or changed in transit, the user gets an error or a model that runs.
/// </summary>
public sealed class DamagedOnnxTests
{
    private const int Rows = 3;

    /// <summary>Values for an input, within a limit on its size: a damaged shape may ask for any number.</summary>
    private const long MostValues = 1 << 20;

    [Fact]
    public void A_thousand_damaged_files_are_refused_or_run()
    {
        byte[][] files = [.. Enumerable.Range(0, 10).Select(Written)];
        int refused = 0, run = 0;
        using var quiet = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = new Mutator(new Random(i)).Mutate(files[i % files.Length], []);
            try
            {
                using var session = new InferenceSession(damaged, quiet);
                Run(session);
                run++;
            }
            catch (OnnxRuntimeException)
            {
                refused++;
            }
        }

        // If damage were always refused, or never, the test would show little.
        Assert.InRange(run, 100, 900);
        Assert.Equal(1000, run + refused);
    }

    private static byte[] Written(int seed)
    {
        using var file = new TemporaryFile();
        RandomNetworks.Draw(new Random(seed), most: 5).SaveOnnx(file.Path);
        return File.ReadAllBytes(file.Path);
    }

    private static void Run(InferenceSession session)
    {
        var inputs = new List<NamedOnnxValue>();
        foreach ((string name, NodeMetadata input) in session.InputMetadata)
        {
            int[] shape = [.. input.Dimensions.Select(side => side < 0 ? Rows : side)];
            if (input.ElementType != typeof(float)
                || shape.Aggregate(1L, (product, side) => Math.Min(product * side, MostValues + 1)) > MostValues)
            {
                return;
            }

            inputs.Add(NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(shape)));
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        Assert.NotEmpty(results);
    }
}
