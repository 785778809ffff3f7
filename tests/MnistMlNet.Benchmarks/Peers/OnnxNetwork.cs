using Microsoft.ML.OnnxRuntime;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>The network in ONNX Runtime.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    public OnnxNetwork(byte[] model, int threads)
    {
        _options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model, _options);
    }

    /// <summary>
    /// Binds input and output memory once, which is ONNX Runtime's fastest way: a run then allocates and copies nothing.
    /// </summary>
    public OnnxBinding Bind(float[] features, int inputs, float[] probabilities) =>
        new(_session.CreateIoBinding(), features, inputs, probabilities);

    public void Run(OnnxBinding binding) => _session.RunWithBinding(_run, binding.Binding);

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
        _run.Dispose();
    }
}
