namespace MnistMlNet.Reporting.Results;

/// <summary>How much worse the model gets when one feature is shuffled among the rows.</summary>
/// <param name="Index">The feature's index, from 0.</param>
/// <param name="Name">The feature's name.</param>
/// <param name="Mean">How much worse the measure gets, the mean of the permutations.</param>
/// <param name="StandardError">Its standard error; NaN for a single permutation.</param>
internal sealed record FeatureImportance(int Index, string Name, double Mean, double StandardError);

/// <summary>The importance of all features.</summary>
/// <param name="Measure">What gets worse, with its unit.</param>
/// <param name="RowCount">The number of rows that were shuffled.</param>
/// <param name="Features">The features, the most important first.</param>
internal sealed record Importance(string Measure, int RowCount, IReadOnlyList<FeatureImportance> Features);
