using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MnistMlNet.OnnxTests;

/// <summary>An exported model in ONNX Runtime.</summary>
internal sealed class OnnxModel(string path) : IDisposable
{
    private readonly InferenceSession _session = new(path);

    public string[] Inputs => [.. _session.InputMetadata.Keys];

    public string[] Outputs => [.. _session.OutputMetadata.Keys];

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Runs rows through the model: for each input its values, row-major.</summary>
    public (float[] Probabilities, T[] Labels) Run<T>(int rows, params (string Name, float[] Values)[] inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(Tensors(rows, inputs));
        Tensor<float> probabilities = results.Single(result => result.Name == "probabilities").AsTensor<float>();
        Tensor<T> labels = results.Single(result => result.Name == "label").AsTensor<T>();
        Assert.Equal([rows, probabilities.Dimensions[1]], probabilities.Dimensions.ToArray());
        Assert.Equal([rows], labels.Dimensions.ToArray());
        return ([.. probabilities], [.. labels]);
    }

    /// <summary>Runs rows through the model, whatever its outputs are.</summary>
    public OnnxOutputs Run(int rows, params (string Name, float[] Values)[] inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(Tensors(rows, inputs));
        return OnnxOutputs.Of(results, rows);
    }

    /// <summary>Gives an input's or output's shape, -1 for any number.</summary>
    public int[] Shape(string name) =>
        (_session.InputMetadata.TryGetValue(name, out NodeMetadata? input) ? input : _session.OutputMetadata[name]).Dimensions;

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue[] Tensors(int rows, (string Name, float[] Values)[] inputs) =>
        [.. inputs.Select(input =>
            NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(input.Values, [rows, input.Values.Length / rows])))];
}
