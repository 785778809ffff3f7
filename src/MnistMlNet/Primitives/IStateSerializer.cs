namespace MnistMlNet.Primitives;

/// <summary>
/// Saves state to a checkpoint or restores it. One list of the fields serves both directions, so that they can't differ.
/// </summary>
internal interface IStateSerializer
{
    /// <summary>The largest number accepted from a file unless a field has a lower limit: a run that adds to it doesn't overflow.</summary>
    const long MaxNumber = 1L << 62;

    /// <param name="largest">The values 0 to this one are valid.</param>
    void Serialize(string field, ref long value, long largest = MaxNumber);

    void Serialize(string field, ref double value);

    /// <summary>Saves or restores the content of a block whose length is known when saving and when restoring.</summary>
    void Serialize(string field, Span<float> values);
}

/// <summary>Restores the state of a run from a checkpoint.</summary>
internal sealed class StateReader(PayloadReader reader) : IStateSerializer
{
    public void Serialize(string field, ref long value, long largest) => value = reader.Int64(field, 0, largest);

    public void Serialize(string field, ref double value) => value = reader.Double(field);

    public void Serialize(string field, Span<float> values) => reader.Singles(field, values);
}

/// <summary>Saves the state of a run to a checkpoint.</summary>
internal sealed class StateWriter(PayloadWriter writer) : IStateSerializer
{
    public void Serialize(string field, ref long value, long largest) => writer.Int64(value);

    public void Serialize(string field, ref double value) => writer.Double(value);

    public void Serialize(string field, Span<float> values) => writer.Singles(values);
}
