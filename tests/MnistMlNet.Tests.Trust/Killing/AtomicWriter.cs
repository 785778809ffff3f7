using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>
/// A way to write a model to a path that guarantees the old file or the new one, and to find out afterwards which of them is there.
/// </summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Write">Writes a network to a path.</param>
/// <param name="Read">Reads it back; throws where the file isn't complete.</param>
internal sealed record AtomicWriter(string Name, Action<TwoLayerNetworkModelParameters, string> Write, Func<string,
    TwoLayerNetworkModelParameters> Read)
{
    // Large enough that a random moment is more often than not during the writing.
    private const int Inputs = 784;
    private const int HiddenUnits = 256;
    private const int Classes = 10;

    /// <summary>Networks of 1 to this number are written.</summary>
    private const int MaxNumber = 3;

    private static readonly Lazy<MLContext> s_mlContext = new(() => new MLContext(seed: 1));

    public static IReadOnlyList<AtomicWriter> All { get; } =
    [
        new("npz", (model, path) => model.SaveNpz(path), path => TwoLayerNetworkModelParameters.LoadNpz(path)),
        new("zip", (model, path) => s_mlContext.Value.Model.SaveAtomic(Transformer(model), null, path),
            path => ((TwoLayerNetworkTransformer)s_mlContext.Value.Model.Load(path, out _)).Model),
        new("onnx", (model, path) => model.SaveOnnx(path), ReadOnnx),
        new("checkpoint", (model, path) => Transformer(model, path), ReadCheckpoint),
    ];

    public static AtomicWriter Named(string name) =>
        All.FirstOrDefault(writer => writer.Name == name)
            ?? throw new ArgumentException($"'{name}' is none of {string.Join(", ", All.Select(writer => writer.Name))}.", nameof(name));

    /// <summary>A network in which all parameters are the same number.</summary>
    public static TwoLayerNetworkModelParameters Network(int number)
    {
        static float[] Fill(int count, int number)
        {
            float[] values = new float[count];
            values.AsSpan().Fill(number);
            return values;
        }

        return TwoLayerNetworkModelParameters.Create(
            Inputs, HiddenUnits, Classes, Fill(HiddenUnits * Inputs, number), Fill(HiddenUnits, number),
            Fill(Classes * HiddenUnits, number), Fill(Classes, number));
    }

    /// <summary>The number that all parameters of the file's network have.</summary>
    /// <exception cref="InvalidDataException">The file isn't complete, or is a mixture.</exception>
    public int NumberIn(string path)
    {
        TwoLayerNetworkModelParameters model = Read(path);
        float[] distinct = [.. new[] { model.HiddenWeights, model.HiddenBiases, model.OutputWeights, model.OutputBiases }.SelectMany(part =>
            part.ToArray()).Distinct()];
        return distinct is [var number] && model.HiddenUnits == HiddenUnits && model.InputCount == Inputs
            ? (int)number
            : throw new InvalidDataException($"'{path}' holds {distinct.Length} different parameters; one number was written.");
    }

    /// <summary>The network in a trained transformer that made no training step.</summary>
    /// <param name="model">The network.</param>
    /// <param name="checkpointPath">Where the training writes its checkpoint, if it does.</param>
    /// <param name="resume">Whether to resume from that checkpoint; it is at the last epoch already.</param>
    private static TwoLayerNetworkTransformer Transformer(TwoLayerNetworkModelParameters model, string? checkpointPath = null,
        bool resume = false)
    {
        MLContext mlContext = s_mlContext.Value;
        IDataView rows = mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, Classes).Select(i => new Row { Label = i.ToString(System.Globalization.CultureInfo.InvariantCulture) }));
        IDataView keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        return mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = HiddenUnits,
            NumberOfEpochs = 1,
            LearningRate = float.Epsilon,
            Optimizer = Optimizer.GradientDescent,
            Seed = 1,
            NumberOfThreads = 1,
            CheckpointPath = checkpointPath,
            ResumeFromCheckpoint = resume,
        }).Fit(keyed, initialModel: model);
    }

    // By the field numbers of onnx.proto: the graph is 7, its constants are 5, the name of each 8 and its bytes 9.
    private static TwoLayerNetworkModelParameters ReadOnnx(string path)
    {
        ProtobufField[][] constants = [.. ProtobufField.Read(File.ReadAllBytes(path)).Single(field => field.Number == 7).Fields
            .Where(field => field.Number == 5).Select(field => field.Fields)];
        float[] Constant(string name) =>
            constants.Single(fields => fields.Single(field => field.Number == 8).Text == name).Single(field => field.Number == 9).Singles;

        return TwoLayerNetworkModelParameters.Create(Inputs, HiddenUnits, Classes, Constant("w1"), Constant("b1"), Constant("w2"),
            Constant("b2"));
    }

    /// <summary>
    /// The result of a training that resumes from the file. It is accepted only by a training that began with the same network.
    /// </summary>
    private static TwoLayerNetworkModelParameters ReadCheckpoint(string path)
    {
        for (int number = 1; File.Exists(path) && number <= MaxNumber; number++)
        {
            try
            {
                return Transformer(Network(number), path, resume: true).Model;
            }
            catch (InvalidOperationException e) when (e.Message.Contains("SHA-256 of the initial parameters", StringComparison.Ordinal))
            {
                // The file was written by a network of another number.
            }
        }

        throw new FileNotFoundException($"'{path}' isn't the checkpoint of any network that was written.", path);
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(Inputs)]
        public float[] Features { get; set; } = new float[Inputs];
    }
}
