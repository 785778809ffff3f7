using Microsoft.ML.OnnxRuntime;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>Input and output of a run, bound to arrays.</summary>
internal sealed class OnnxBinding : IDisposable
{
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    public OnnxBinding(OrtIoBinding binding, float[] features, int inputs, float[] probabilities)
    {
        int rows = features.Length / inputs;
        _input = OrtValue.CreateTensorValueFromMemory(features, [rows, inputs]);
        _output = OrtValue.CreateTensorValueFromMemory(probabilities, [rows, probabilities.Length / rows]);
        binding.BindInput(OnnxModel.Input, _input);
        binding.BindOutput(OnnxModel.Output, _output);
        Binding = binding;
    }

    public OrtIoBinding Binding { get; }

    public void Dispose()
    {
        Binding.Dispose();
        _input.Dispose();
        _output.Dispose();
    }
}
