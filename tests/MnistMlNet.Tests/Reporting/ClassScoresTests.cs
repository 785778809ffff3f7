using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Tests.Reporting;

public sealed class ClassScoresTests
{
    [Fact]
    public void Scores_of_a_small_matrix_are_those_by_hand()
    {
        ClassScores scores = new([[6, 2], [1, 3]]);

        Assert.Equal(9 / 12d, scores.Accuracy);
        Assert.Equal(6 / 8d, scores.Recall(0));
        Assert.Equal((6 / 8d + 3 / 4d) / 2, scores.MeanRecall);
        Assert.Equal(6 / 7d, scores.Precision(0));

        // 2 · (6/8) · (6/7) / (6/8 + 6/7) = 12/15
        Assert.Equal(12 / 15d, scores.F1(0), 1e-12);
    }

    [Fact]
    public void A_class_that_neither_occurs_nor_is_answered_has_no_scores()
    {
        ClassScores scores = new([[6, 0], [0, 0]]);

        Assert.True(double.IsNaN(scores.Recall(1)) && double.IsNaN(scores.Precision(1)) && double.IsNaN(scores.F1(1)));
        Assert.Equal("–", PageNumber.Percent(scores.Recall(1)));
    }
}
