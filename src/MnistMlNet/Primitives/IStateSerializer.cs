namespace MnistMlNet.Primitives;

/// <summary>
/// Takes state to a checkpoint or brings it back: one description of the fields serves both ways, so that they can't drift apart.
/// </summary>
internal interface IStateSerializer
{
    /// <summary>The largest number that a file may bring unless a field says less: a run that adds to it doesn't overflow.</summary>
    const long MaxNumber = 1L << 62;

    /// <param name="largest">0 to this one are valid.</param>
    void Serialize(string field, ref long value, long largest = MaxNumber);

    void Serialize(string field, ref double value);

    /// <summary>Exchanges the content of a block whose length both sides know.</summary>
    void Serialize(string field, Span<float> values);
}

/// <summary>Brings the state of a run back from a checkpoint.</summary>
internal sealed class StateReader(PayloadReader reader) : IStateSerializer
{
    public void Serialize(string field, ref long value, long largest) => value = reader.Int64(field, 0, largest);

    public void Serialize(string field, ref double value) => value = reader.Double(field);

    public void Serialize(string field, Span<float> values) => reader.Singles(field, values);
}

/// <summary>Takes the state of a run to a checkpoint.</summary>
internal sealed class StateWriter(PayloadWriter writer) : IStateSerializer
{
    public void Serialize(string field, ref long value, long largest) => writer.Int64(value);

    public void Serialize(string field, ref double value) => writer.Double(value);

    public void Serialize(string field, Span<float> values) => writer.Singles(values);
}
