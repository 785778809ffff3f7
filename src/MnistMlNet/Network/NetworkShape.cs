using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>From the sums z of the output layer to scores.</summary>
internal enum OutputLink : byte
{
    /// <summary><c>exp z[k] / Σ exp z</c>: one class of many.</summary>
    Softmax = 0,

    /// <summary><c>1 / (1 + exp(-z))</c> of each output: yes or no.</summary>
    Sigmoid = 1,

    /// <summary>z itself: numbers.</summary>
    Identity = 2,

    /// <summary><c>exp z</c>: means of counts.</summary>
    Exponential = 3,
}

/// <summary>The link function of each task.</summary>
internal static class TaskLink
{
    public static OutputLink Of(LearningTask task, RegressionLoss loss) => task switch
    {
        LearningTask.Multiclass => OutputLink.Softmax,
        LearningTask.Binary or LearningTask.Multilabel => OutputLink.Sigmoid,
        LearningTask.Regression => loss == RegressionLoss.Poisson ? OutputLink.Exponential : OutputLink.Identity,
        _ => throw UnknownMember.Of(task),
    };
}

/// <summary>Inputs I, hidden units H, outputs C, the hidden units' function and that of the outputs.</summary>
internal readonly record struct NetworkShape
{
    /// <summary>The maximum number of inputs, of hidden units and of classes.</summary>
    public const int MaxCount = OptionTable.MaxCount;

    /// <summary>The maximum number of parameters: they are in one array, whose length is an <see cref="int"/>.</summary>
    public const long MaxParameterCount = 1 << 30;

    public NetworkShape(
        int inputCount, int hiddenUnits, int outputCount, Activation activation, OutputLink link = OutputLink.Softmax)
    {
        CheckCount(inputCount, nameof(inputCount), 1);
        CheckCount(hiddenUnits, nameof(hiddenUnits), 1);
        CheckCount(outputCount, link == OutputLink.Softmax ? "classCount" : nameof(outputCount), link == OutputLink.Softmax ? 2 : 1);
        if (!Enum.IsDefined(activation))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation,
                $"The activation must be one of {string.Join(", ", Enum.GetNames<Activation>())}.");
        }

        InputCount = inputCount;
        HiddenUnits = hiddenUnits;
        OutputCount = outputCount;
        Activation = activation;
        Link = link;
        long parameters = PaddedParameterCount;
        if (parameters > MaxParameterCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(hiddenUnits), hiddenUnits,
                $"A network of {inputCount} inputs, {hiddenUnits} hidden units and {outputCount} outputs has {parameters} parameters; at "
                    + $"most {MaxParameterCount} fit one array.");
        }
    }

    public int InputCount { get; }

    public int HiddenUnits { get; }

    public int OutputCount { get; }

    public Activation Activation { get; }

    public OutputLink Link { get; }

    /// <summary>Gets the number of floats that a network of this shape takes, lanes beyond the outputs included.</summary>
    public long PaddedParameterCount =>
        ((long)InputCount + 1) * AlignedArray.Pad(HiddenUnits) + ((long)HiddenUnits + 1) * AlignedArray.Pad(OutputCount);

    /// <summary>Gets the number of weights and biases.</summary>
    public long ParameterCount => ((long)InputCount + 1) * HiddenUnits + ((long)HiddenUnits + 1) * OutputCount;

    private static void CheckCount(int value, string name, int min)
    {
        if (value < min || value > MaxCount)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {min} to {MaxCount}.");
        }
    }
}
