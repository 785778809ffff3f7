using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class EpochLineTests
{
    [Fact]
    public void A_plain_line_gives_epoch_loss_accuracy_and_seconds() => Assert.Equal(
        "epoch   3   loss 0.1250   training accuracy  96.50 %     0.45 s",
        EpochLine.Of(new TrainingEpoch(3, 0.125, 0.965, null, null, 0.001f, TimeSpan.FromSeconds(0.45))));

    [Fact]
    public void Validation_is_added_where_there_is_one() => Assert.EndsWith(
        "validation loss 0.2000, accuracy 95.00 %",
        EpochLine.Of(new TrainingEpoch(3, 0.125, 0.965, 0.2, 0.95, 0.001f, TimeSpan.FromSeconds(0.45))),
        StringComparison.Ordinal);
}
