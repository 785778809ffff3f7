using Microsoft.ML;

namespace MnistMlNet.Tests;

public sealed class ConsoleProgressTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Report_OutputIsNoTerminal_WritesALineAnEpoch()
    {
        Action<TrainingEpoch> report = ConsoleProgress.Create(output: _output);

        // 600 rows in 0.5 s; one epoch took 0.5 s on average, three are left.
        report(Epoch(1, 0.5) with { ValidationLoss = 0.25, ValidationAccuracy = 0.9 });
        report(Epoch(2, 1));

        Assert.Equal(
            "epoch 1/5  loss 0.1250  training accuracy 96.50 %  validation loss 0.2500 accuracy 90.00 %  2 s left  1.2 k rows/s\n"
                + "epoch 2/5  loss 0.1250  training accuracy 96.50 %  2 s left  1.2 k rows/s\n",
            _output.ToString());
    }

    [Fact]
    public void Report_Regression_ShowsTheErrorInPlaceOfTheAccuracy()
    {
        ConsoleProgress.Create(output: _output)(Epoch(1, 1) with { TrainAccuracy = double.NaN, TrainRootMeanSquaredError = 12.5 });

        Assert.StartsWith("epoch 1/5  loss 0.1250 RMSE 12.5  4 s left", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_EpochOfOtherCode_ShowsWhatIsKnown()
    {
        ConsoleProgress.Create(output: _output)(Epoch(3, 1) with { TotalEpochs = null, RowCount = null });

        Assert.Equal("epoch 3  loss 0.1250  training accuracy 96.50 %\n", _output.ToString());
    }

    [Fact]
    public void Report_FirstEpochOfAResumedTraining_HasNoSpeed()
    {
        ConsoleProgress.Create(output: _output)(Epoch(4, 4));

        Assert.Equal("epoch 4/5  loss 0.1250  training accuracy 96.50 %  1 s left\n", _output.ToString());
    }

    [Theory]
    [InlineData(0.01, "60 k rows/s")]
    [InlineData(0.0005, "1.2 M rows/s")]
    [InlineData(0.005, "120 k rows/s")]
    [InlineData(4, "150 rows/s")]
    public void Report_Speed_HasThreeDigits(double seconds, string expected)
    {
        ConsoleProgress.Create(output: _output)(Epoch(1, seconds));

        Assert.EndsWith(expected + "\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(45, "3 min 00 s left")]
    [InlineData(1800, "2 h 00 min left")]
    public void Report_LongTraining_GivesMinutesAndHours(double seconds, string expected)
    {
        ConsoleProgress.Create(output: _output)(Epoch(1, seconds));

        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OnATerminal_RewritesOneLineThatFits()
    {
        for (int width = 20; width <= 160; width++)
        {
            using var output = new StringWriter { NewLine = "\n" };
            var line = new ProgressLine(output, () => width);
            line.Report(Epoch(1, 5000));
            line.Report(Epoch(2, 10000) with { ValidationLoss = 0.25, ValidationAccuracy = 0.9 });
            line.End();

            string[] shown = output.ToString().Split('\r', '\n');
            Assert.Equal(4, shown.Length);
            Assert.All(shown, text => Assert.True(text.Length < width, $"{text.Length} of {width}: {text}"));
        }
    }

    [Fact]
    public void Report_OnANarrowTerminal_LeavesOutWholeParts()
    {
        new ProgressLine(_output, () => 40).Report(Epoch(2, 1));

        Assert.Equal("\repoch 2/5  [=====........]  loss 0.1250", _output.ToString());
    }

    [Fact]
    public void Report_TwoOfFiveEpochsOnAWideTerminal_FillsTwoFifthsOfTheBar()
    {
        new ProgressLine(_output, () => 200).Report(Epoch(2, 1));

        // 22 columns between the brackets: 8.8 are filled.
        Assert.Contains("epoch 2/5  [=========.............]  loss", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ShorterLine_CoversTheOneBefore()
    {
        var line = new ProgressLine(_output, () => 200);
        line.Report(Epoch(1, 1) with { ValidationLoss = 0.25, ValidationAccuracy = 0.9 });
        line.Report(Epoch(2, 2));

        string[] shown = _output.ToString().Split('\r')[1..];
        Assert.Equal(shown[0].Length, shown[1].Length);
    }

    [Fact]
    public void Warn_InTheMiddleOfALine_BeginsANewOne()
    {
        var line = new ProgressLine(_output, () => 200);
        line.Report(Epoch(1, 1));
        line.Warn("warning: attention");

        Assert.EndsWith("rows/s\nwarning: attention\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WithAContext_WritesSkippedRowsOnceForManyTrainers()
    {
        var mlContext = new MLContext(seed: 1);
        Example[] rows = Examples.Rows(60);
        rows[7] = rows[7].With(features: [float.NaN, 0, 0, 0]);
        for (int fit = 1; fit <= 2; fit++)
        {
            Examples.Trainer(mlContext, options => options.EpochCallback = ConsoleProgress.Create(mlContext, _output))
                .Fit(Examples.Keyed(mlContext, rows));

            string[] lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(fit, lines.Count(line => line.StartsWith("warning: ", StringComparison.Ordinal)));
            Assert.Equal(fit * 5, lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
            Assert.Contains("epoch 5/5", lines[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Fit_StoppedByTheCallback_EndsTheLine()
    {
        var mlContext = new MLContext(seed: 1);
        var line = new ProgressLine(_output, () => 200);
        Action<TrainingEpoch> report = line.Report;

        Assert.Throws<OperationCanceledException>(() => Examples.Trainer(mlContext, options =>
            options.EpochCallback = report + (_ => throw new OperationCanceledException())).Fit(
                Examples.Keyed(mlContext, Examples.Rows(60))));

        Assert.EndsWith("\n", _output.ToString(), StringComparison.Ordinal);
    }

    private static TrainingEpoch Epoch(int number, double seconds) =>
        new(number, 0.125, 0.965, null, null, 0.001f, TimeSpan.FromSeconds(seconds)) { TotalEpochs = 5, RowCount = 600 };
}
