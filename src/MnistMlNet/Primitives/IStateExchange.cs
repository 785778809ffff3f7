namespace MnistMlNet.Primitives;

/// <summary>Takes state to a checkpoint or brings it back: one description of the fields serves both ways, so that they can't drift apart.</summary>
internal interface IStateExchange
{
    /// <summary>The largest number that a file may bring unless a field says less: a run that adds to it doesn't overflow.</summary>
    const long MaxNumber = 1L << 62;

    /// <param name="largest">0 to this one are valid.</param>
    void Exchange(string field, ref long value, long largest = MaxNumber);

    void Exchange(string field, ref double value);

    /// <summary>Exchanges the content of a block whose length both sides know.</summary>
    void Exchange(string field, Span<float> values);
}
