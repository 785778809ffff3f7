namespace MnistMlNet.Training;

/// <summary>Takes state to a checkpoint or brings it back: one description of the fields serves both ways, so that they can't drift apart.</summary>
internal interface IStateExchange
{
    void Exchange(string field, ref long value);

    void Exchange(string field, ref double value);

    /// <summary>Exchanges the content of a block whose length both sides know.</summary>
    void Exchange(string field, Span<float> values);
}
