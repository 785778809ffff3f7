namespace MnistMlNet.Configuration;

/// <summary>What is learned: it decides the type of the label, the output head and the score columns.</summary>
/// <remarks>The numbers are saved in models: never change one, add new ones at the end.</remarks>
internal enum LearningTask : byte
{
    /// <summary>One class of many: a key.</summary>
    Multiclass = 0,

    /// <summary>One of two classes: a boolean.</summary>
    Binary = 1,

    /// <summary>A number, or a vector of numbers.</summary>
    Regression = 2,

    /// <summary>A vector of booleans.</summary>
    Multilabel = 3,
}
