using Microsoft.ML;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>The payload alone, as our reader gets it from ML.NET.</summary>
internal sealed class PayloadTarget(MLContext mlContext, FuzzModels models) : IFuzzTarget
{
    private readonly PayloadMutator _mutator = new(mlContext, models);

    public string Name => "payload";

    public FuzzCase Make(Random random) => new(_mutator.Mutate(random, random.Next(models.Transformers.Count)));

    public object Open(FuzzCase file)
    {
        using var stream = new MemoryStream(file.Files[0], writable: false);
        return (TwoLayerNetworkTransformer)ModelFormat.ReadTransformer(mlContext, stream);
    }

    public void Inspect(object opened) => FuzzModels.UseAndKeep(mlContext, (TwoLayerNetworkTransformer)opened);

    public bool IsRefusal(Exception exception) => exception is InvalidDataException or FormatException;
}
