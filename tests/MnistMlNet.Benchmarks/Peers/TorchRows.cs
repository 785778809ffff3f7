using MnistMlNet.Benchmarks.Data;
using static TorchSharp.torch;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>A data set as tensors, made once.</summary>
internal sealed class TorchRows : IDisposable
{
    public TorchRows(DenseRows rows)
        : this(tensor(rows.Features, [rows.RowCount, rows.InputCount]), tensor(Array.ConvertAll(rows.Labels, label => (long)label)))
    {
    }

    /// <summary>Takes ownership of both tensors.</summary>
    public TorchRows(Tensor features, Tensor labels)
    {
        Features = features;
        Labels = labels;
        Count = (int)labels.shape[0];
    }

    public int Count { get; }

    /// <summary>Gets <c>[rows, I]</c>.</summary>
    public Tensor Features { get; }

    /// <summary>Gets <c>[rows]</c>, 64-bit integers.</summary>
    public Tensor Labels { get; }

    public void Dispose()
    {
        Features.Dispose();
        Labels.Dispose();
    }
}
