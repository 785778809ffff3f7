
namespace MnistMlNet.Primitives;

/// <summary>Takes the state of a run to a checkpoint.</summary>
internal sealed class StateWriter(PayloadWriter writer) : IStateExchange
{
    public void Exchange(string field, ref long value, long largest) => writer.Int64(value);

    public void Exchange(string field, ref double value) => writer.Double(value);

    public void Exchange(string field, Span<float> values) => writer.Singles(values);
}
