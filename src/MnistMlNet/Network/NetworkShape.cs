using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>The number of inputs I, hidden units H and classes C, and the activation function of the hidden units.</summary>
internal readonly record struct NetworkShape
{
    /// <summary>The maximum number of inputs, of hidden units and of classes.</summary>
    public const int MaxCount = OptionTable.MaxCount;

    /// <summary>The maximum number of parameters: they are in one array, whose length is an <see cref="int"/>.</summary>
    public const long MaxParameterCount = 1 << 30;

    public NetworkShape(int inputCount, int hiddenUnits, int classCount, Activation activation)
    {
        CheckCount(inputCount, nameof(inputCount), 1);
        CheckCount(hiddenUnits, nameof(hiddenUnits), 1);
        CheckCount(classCount, nameof(classCount), 2);
        if (!Enum.IsDefined(activation))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation,
                $"The activation must be one of {string.Join(", ", Enum.GetNames<Activation>())}.");
        }

        InputCount = inputCount;
        HiddenUnits = hiddenUnits;
        ClassCount = classCount;
        Activation = activation;
        long parameters = PaddedParameterCount;
        if (parameters > MaxParameterCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(hiddenUnits), hiddenUnits,
                $"A network of {inputCount} inputs, {hiddenUnits} hidden units and {classCount} classes has {parameters} parameters; at "
                    + $"most {MaxParameterCount} fit one array.");
        }
    }

    public int InputCount { get; }

    public int HiddenUnits { get; }

    public int ClassCount { get; }

    public Activation Activation { get; }

    /// <summary>Gets the number of floats of a network of this shape, padding included.</summary>
    public long PaddedParameterCount =>
        ((long)InputCount + 1) * AlignedArray.Pad(HiddenUnits) + ((long)HiddenUnits + 1) * AlignedArray.Pad(ClassCount);

    /// <summary>Gets the number of weights and biases.</summary>
    public long ParameterCount => ((long)InputCount + 1) * HiddenUnits + ((long)HiddenUnits + 1) * ClassCount;

    private static void CheckCount(int value, string name, int min)
    {
        if (value < min || value > MaxCount)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {min} to {MaxCount}.");
        }
    }
}
