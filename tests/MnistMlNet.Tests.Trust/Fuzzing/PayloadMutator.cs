using Microsoft.ML;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>Damages payloads of trained models, most of them so that the checksum still fits and the damage is met where it is.</summary>
internal sealed class PayloadMutator
{
    private readonly (byte[] Bytes, Field[] Fields)[] _payloads;

    public PayloadMutator(MLContext mlContext, FuzzModels models)
    {
        _payloads = [.. models.Transformers.Select(FuzzModels.Payload).Select(
            bytes => (bytes, FieldRecorder.Record(bytes, stream => ModelFormat.Read(mlContext, stream))))];
    }

    /// <param name="model">Which of the models' payloads.</param>
    public byte[] Mutate(Random random, int model)
    {
        (byte[] bytes, Field[] fields) = _payloads[model];
        return new Mutator(random).MutateHashed(bytes, fields);
    }
}
