namespace MnistMlNet.Benchmarks.Tables;

/// <summary>The features of the rows to train on, and of those to score.</summary>
/// <param name="Train">The rows of the other folds, in the table's order.</param>
/// <param name="TrainRows">Their places in the table.</param>
/// <param name="Test">The rows of this fold.</param>
/// <param name="TestRows">Their places in the table.</param>
internal sealed record FoldFeatures(float[][] Train, int[] TrainRows, float[][] Test, int[] TestRows)
{
    /// <param name="features">By row; NaN where the value is missing.</param>
    /// <param name="folds">The fold of each row.</param>
    /// <param name="fold">The fold to score.</param>
    /// <param name="isStandardized">
    /// Whether features get mean 0 and deviation 1 by the training rows. Missing values become the mean of the training rows in any case.
    /// </param>
    public static FoldFeatures Create(float[][] features, int[] folds, int fold, bool isStandardized)
    {
        int[] test = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold)];
        int[] train = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != fold)];
        double[] mean = new double[features[0].Length];
        double[] deviation = new double[mean.Length];
        for (int feature = 0; feature < mean.Length; feature++)
        {
            double[] present = [.. train.Select(row => (double)features[row][feature]).Where(value => !double.IsNaN(value))];
            mean[feature] = present.Length == 0 ? 0 : present.Average();

            // A missing value becomes the mean and adds nothing to the sum of squares, but counts as a row.
            deviation[feature] = Math.Sqrt(present.Sum(value => (value - mean[feature]) * (value - mean[feature])) / train.Length);
        }

        float[] Change(int row) => [.. features[row].Select((value, feature) =>
        {
            double filled = float.IsNaN(value) ? mean[feature] : value;
            return (float)(isStandardized ? (filled - mean[feature]) / (deviation[feature] > 0 ? deviation[feature] : 1) : filled);
        })];
        return new FoldFeatures([.. train.Select(Change)], train, [.. test.Select(Change)], test);
    }
}
