using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MnistMlNet.OnnxTests;

/// <summary>The outputs of one run, by name, each of the shape [rows, width].</summary>
internal sealed class OnnxOutputs(IReadOnlyDictionary<string, (Array Values, int[] Shape)> outputs, int rows)
{
    public IEnumerable<string> Names => outputs.Keys;

    public static OnnxOutputs Of(IEnumerable<NamedOnnxValue> values, int rows) => new(
        values.ToDictionary(
            value => value.Name,
            value => value.Value switch
            {
                Tensor<bool> answers => Of(answers),
                Tensor<uint> keys => Of(keys),
                Tensor<float> numbers => Of(numbers),
                Tensor<double> numbers => Of(numbers),
                Tensor<long> numbers => Of(numbers),
                var other => throw new NotSupportedException($"{value.Name} is a {other}."),
            }),
        rows);

    private static (Array Values, int[] Shape) Of<T>(Tensor<T> tensor) => (tensor.ToArray(), tensor.Dimensions.ToArray());

    /// <summary>Gets an output, row-major.</summary>
    public T[] Get<T>(string name, int width)
    {
        (Array values, int[] shape) = outputs[name];
        Assert.Equal([rows, width], shape);
        return (T[])values;
    }
}
