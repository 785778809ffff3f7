namespace MnistMlNet.Tool.Training;

/// <summary>What the label is.</summary>
internal enum TrainingTask
{
    /// <summary>One of two: true or false.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>A number.</summary>
    Regression,
}
