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
            value => value.Value is Tensor<bool> answers
                ? ((Array)answers.ToArray(), answers.Dimensions.ToArray())
                : (value.AsTensor<float>().ToArray(), value.AsTensor<float>().Dimensions.ToArray())),
        rows);

    /// <summary>Gets an output, row-major.</summary>
    public T[] Get<T>(string name, int width)
    {
        (Array values, int[] shape) = outputs[name];
        Assert.Equal([rows, width], shape);
        return (T[])values;
    }
}
