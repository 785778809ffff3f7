namespace MnistMlNet.Tool.Training;

/// <summary>What the label is.</summary>
internal enum TrainingTask
{
    /// <summary>One of two: true or false.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>A number, or one in each of several columns.</summary>
    Regression,

    /// <summary>Several columns of 0 and 1.</summary>
    Multilabel,
}
