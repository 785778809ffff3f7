
namespace MnistMlNet.Primitives;

/// <summary>Brings the state of a run back from a checkpoint.</summary>
internal sealed class StateReader(PayloadReader reader) : IStateExchange
{
    public void Exchange(string field, ref long value, long largest) => value = reader.Int64(field, 0, largest);

    public void Exchange(string field, ref double value) => value = reader.Double(field);

    public void Exchange(string field, Span<float> values) => reader.Singles(field, values);
}
