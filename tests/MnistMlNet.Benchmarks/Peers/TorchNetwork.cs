using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>The network in TorchSharp: its own modules, loss and Adam, and nothing else in the loop.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly Linear _hidden;
    private readonly Linear _output;
    private readonly optim.Optimizer _adam;

    /// <param name="initial">The initial parameters; copied.</param>
    /// <param name="learningRate">Constant.</param>
    public TorchNetwork(TwoLayerNetworkModelParameters initial, float learningRate)
    {
        _hidden = Linear(initial.InputCount, initial.HiddenUnits);
        _output = Linear(initial.HiddenUnits, initial.ClassCount);
        using (no_grad())
        {
            Copy(initial.HiddenWeights, _hidden.weight!);
            Copy(initial.HiddenBiases, _hidden.bias!);
            Copy(initial.OutputWeights, _output.weight!);
            Copy(initial.OutputBiases, _output.bias!);
        }

        _adam = optim.Adam([_hidden.weight!, _hidden.bias!, _output.weight!, _output.bias!], learningRate, 0.9, 0.999, 1e-8,
            weight_decay: 0);
    }

    /// <summary>
    /// One epoch of batches in the order of the rows. The batches are slices of one tensor, without gathering, which favours this side.
    /// </summary>
    /// <returns>The mean loss before each step, or NaN where it wasn't requested: reading it would cost time.</returns>
    public double TrainEpoch(TorchRows rows, int batchSize, bool withLoss)
    {
        double sum = 0;
        for (int first = 0; first < rows.Count; first += batchSize)
        {
            using DisposeScope scope = NewDisposeScope();
            int count = Math.Min(batchSize, rows.Count - first);
            Tensor x = rows.Features.narrow(0, first, count), y = rows.Labels.narrow(0, first, count);
            sum += Step(x, y, withLoss) * count;
        }

        return sum / rows.Count;
    }

    /// <summary>The same with each batch gathered by the row numbers in <paramref name="order"/>, as a shuffling loop does.</summary>
    public void TrainEpoch(TorchRows rows, Tensor order, int batchSize)
    {
        for (int first = 0; first < rows.Count; first += batchSize)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor batch = order.narrow(0, first, Math.Min(batchSize, rows.Count - first));
            Step(rows.Features.index_select(0, batch), rows.Labels.index_select(0, batch), withLoss: false);
        }
    }

    /// <summary>The mean loss of all rows with the current parameters.</summary>
    public double Loss(TorchRows rows)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        return functional.cross_entropy(Logits(rows.Features), rows.Labels).item<float>();
    }

    public double Accuracy(TorchRows rows)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        return Logits(rows.Features).argmax(1).eq(rows.Labels).to(ScalarType.Float32).mean().item<float>();
    }

    /// <summary>Probabilities; the caller opens the inference mode and the dispose scope.</summary>
    public Tensor Predict(Tensor features) => functional.softmax(Logits(features), 1);

    public void Dispose()
    {
        _adam.Dispose();
        _hidden.Dispose();
        _output.Dispose();
    }

    private static void Copy(ReadOnlyMemory<float> source, Tensor destination)
    {
        using Tensor values = tensor(source.ToArray());
        using Tensor shaped = values.reshape(destination.shape);
        destination.copy_(shaped);
    }

    private Tensor Logits(Tensor x) => _output.forward(functional.relu(_hidden.forward(x)));

    private double Step(Tensor x, Tensor y, bool withLoss)
    {
        _adam.zero_grad();
        Tensor loss = functional.cross_entropy(Logits(x), y);
        loss.backward();
        _adam.step();
        return withLoss ? loss.item<float>() : double.NaN;
    }
}
