using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Tests.Reporting;

public sealed class CalibrationTests
{
    [Fact]
    public void Bins_and_expected_error_are_those_by_hand()
    {
        var calibration = Calibration.Of([(0.0f, false), (0.05f, true), (0.62f, true), (0.68f, false), (0.65f, true), (1f, true)]);

        Assert.Equal([2, 0, 0, 0, 0, 0, 3, 0, 0, 1], calibration.Bins.Select(bin => bin.Count));
        Assert.Equal(0.025, calibration.Bins[0].MeanProbability, 1e-6);
        Assert.Equal(1 / 2d, calibration.Bins[0].Frequency);
        Assert.Equal(0.65, calibration.Bins[6].MeanProbability, 1e-6);
        Assert.Equal(2 / 3d, calibration.Bins[6].Frequency);

        // (2 · |1/2 - 0.025| + 3 · |2/3 - 0.65| + 1 · |1 - 1|) / 6
        Assert.Equal((0.95 + 0.05) / 6, calibration.ExpectedError, 1e-6);
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 3, 4 }, new[] { 0, 0, 1, 1 }, 1)]
    [InlineData(new float[] { 4, 3, 2, 1 }, new[] { 0, 0, 1, 1 }, 0)]

    // Pairs (positive, negative): 2 > 1, 2 = 2 counts a half, 3 > 1, 3 > 2.
    [InlineData(new float[] { 1, 2, 2, 3 }, new[] { 0, 0, 1, 1 }, 3.5 / 4)]
    public void Area_under_the_ROC_curve_is_the_fraction_of_pairs_in_order(float[] probabilities, int[] labels, double area) =>
        Assert.Equal(area, RocCurve.Area(probabilities, labels), 1e-12);

    [Fact]
    public void Area_of_one_class_alone_isnt_a_number() => Assert.True(double.IsNaN(RocCurve.Area([0.1f, 0.2f], [1, 1])));

    [Fact]
    public void Errors_of_a_number_are_those_by_hand()
    {
        var errors = NumberErrors.Of([1, 2, 3, 6], [2, 2, 1, 5]);

        // Errors 1, 0, -2, -1; labels of mean 3 and variance (4 + 1 + 0 + 9) / 4.
        Assert.Equal(Math.Sqrt(6 / 4d), errors.RootMeanSquaredError, 1e-12);
        Assert.Equal(1, errors.MeanAbsoluteError, 1e-12);
        Assert.Equal(-0.5, errors.Bias, 1e-12);
        Assert.Equal(1 - (6 / 14d), errors.RSquared, 1e-12);
    }
}
