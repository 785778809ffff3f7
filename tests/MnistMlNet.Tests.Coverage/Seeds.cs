using Microsoft.ML;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Coverage;

/// <summary>Valid payloads, from which AFL++ starts.</summary>
internal static class Seeds
{
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var models = new FuzzModels(new MLContext(seed: 1));
        for (int i = 0; i < models.Transformers.Count; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"payload-{i}"), FuzzModels.Payload(models.Transformers[i]));
        }
    }
}
