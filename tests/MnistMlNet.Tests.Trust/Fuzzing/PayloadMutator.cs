using Microsoft.ML;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>Damages payloads of trained models, in most cases with a matching checksum, so that the reader gets to the damage.</summary>
internal sealed class PayloadMutator
{
    private readonly (byte[] Bytes, Field[] Fields)[] _payloads;

    public PayloadMutator(MLContext mlContext, FuzzModels models)
    {
        _payloads = [.. models.Transformers.Select(FuzzModels.Payload).Select(
            bytes => (bytes, FieldRecorder.Record(bytes, stream => ModelFormat.ReadTransformer(mlContext, stream))))];
    }

    /// <param name="model">The index of the model whose payload is damaged.</param>
    public byte[] Mutate(Random random, int model)
    {
        (byte[] bytes, Field[] fields) = _payloads[model];
        return new Mutator(random).MutateHashed(bytes, fields);
    }
}
