using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A checkpoint of other options is refused before a row is read, which takes long for a large file.</summary>
public sealed class CheckpointBeforeRowsTests : CheckpointedTraining
{
    // What the checkpoint was written with, what resumes, and the difference that the message names.
    private static readonly Dictionary<string, (Action<Options> Before, Action<Options> After, string Message)> s_changes = new()
    {
        ["learning rate"] = (o => o.LearningRate = 0.02f, o => o.LearningRate = 0.01f, "LearningRate was 0.02 and is 0.01"),
        ["batch size"] = (o => o.BatchSize = 10, o => o.BatchSize = 12, "BatchSize was 10 and is 12"),
        ["batch size that was chosen by the rows"] = (_ => { }, o => o.BatchSize = 12, "BatchSize was 8 and is 12"),
        ["batch size that is above the number of rows"] = (o => o.BatchSize = 10, o => o.BatchSize = 0, "BatchSize was 10 and is 60"),
        ["batch size and a validation fraction"] = (
            o => (o.BatchSize, o.ValidationFraction) = (10, 0.2f), o => (o.BatchSize, o.ValidationFraction) = (0, 0.2f),
            "BatchSize was 10 and is 48"),
        ["epochs of a cosine"] = (_ => { }, o => o.NumberOfEpochs = 9, "NumberOfEpochs was 7 and is 9"),
        ["schedule"] = (
            _ => { }, o => o.LearningRateSchedule = LearningRateSchedule.Constant, "LearningRateSchedule was Cosine and is Constant"),
        ["optimizer"] = (_ => { }, o => o.Optimizer = Optimizer.RmsProp, "Optimizer was Adam and is RmsProp"),
        ["optimizer that the number of rows chooses"] = (
            o => (o.Optimizer, o.NumberOfEpochs) = (Optimizer.Adam, 30), o => o.NumberOfEpochs = null, "Optimizer was Adam and is Lbfgs"),
        ["strength that was chosen"] = (
            o => o.Optimizer = Optimizer.Lbfgs, o => (o.Optimizer, o.L2Regularization) = (Optimizer.Lbfgs, 0.375f), " and is 0.375. "),
        ["seed"] = (_ => { }, o => o.Seed = 2, "Seed was 1 and is 2"),
        ["no seed"] = (_ => { }, o => o.Seed = null, "its seed was 1, and this one drew another"),
        ["hidden units"] = (_ => { }, o => o.HiddenUnits = 7, "HiddenUnits was 6 and is 7"),
        ["standardization"] = (_ => { }, o => o.StandardizeFeatures = false, "StandardizeFeatures was True and is False"),
        ["class weights"] = (
            _ => { }, o => o.ClassWeights = new Dictionary<string, float> { ["a"] = 2, ["b"] = 3 },
            "ClassWeights was null and is [a] 2, [b] 3"),
        ["no class weights"] = (
            o => o.ClassWeights = new Dictionary<string, float> { ["a"] = 2 }, _ => { }, "ClassWeights[a] was 2 and is not there"),
        ["weight column"] = (
            _ => { }, o => o.ExampleWeightColumnName = "Weight", "ExampleWeightColumnName was null and is Weight"),
        ["augmentation"] = (
            o => o.Augmentation = new FeatureNoise(0.1f), o => o.Augmentation = new FeatureNoise(0.2f), "Augmentation was "),
        ["validation set"] = (_ => { }, o => o.ValidationSet = Examples.Keyed(new MLContext(1), Examples.Rows(9)),
            "ValidationSet was null and is (a data view)"),
    };

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_option_is_refused_by_its_name_and_no_cursor_is_opened(string what)
    {
        (Action<Options> before, Action<Options> after, string message) = s_changes[what];
        Interrupt(before, 3);
        var rows = new CountingDataView(Data);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(o => Resume(o, after), rows));

        Assert.StartsWith($"The checkpoint '{Path}' belongs to another training: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.True(what == "no seed" || e.Message.EndsWith("use ContinueFit.", StringComparison.Ordinal), e.Message);
        Assert.Empty(rows.Asked);
    }

    [Fact]
    public void The_same_options_read_the_rows_and_resume()
    {
        Interrupt(_ => { }, 3);
        var rows = new CountingDataView(Data);

        Assert.Equal(Epochs, Fit(o => Resume(o, _ => { }), rows).History.Epochs.Count);
        Assert.Contains("Features", rows.Asked);
    }

    // Whether the rate that is chosen now is another one depends on the features.
    [Fact]
    public void An_option_whose_value_depends_on_the_features_is_refused_after_reading()
    {
        Interrupt(o => o.LearningRate = 0.02f, 3);
        var rows = new CountingDataView(Data);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(o => Resume(o, _ => { }), rows));

        Assert.Contains("LearningRate was 0.02 and is 0.004. ", e.Message, StringComparison.Ordinal);
        Assert.Contains("Features", rows.Asked);
    }

    [Fact]
    public void Rows_for_validation_that_were_not_there_before_are_refused_unread()
    {
        Interrupt(_ => { }, 3);
        CountingDataView rows = new(Data), validation = new(Data);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            Examples.Trainer(MLContext, o => Resume(o, _ => o.NumberOfEpochs = Epochs)).Fit(rows, validation));

        Assert.Contains("validation rows was none and is given. ", e.Message, StringComparison.Ordinal);
        Assert.Empty(rows.Asked.Concat(validation.Asked));
    }

    [Fact]
    public void A_checkpoint_of_another_task_is_refused_by_the_task()
    {
        Interrupt(_ => { }, 3);
        var rows = new CountingDataView(MLContext.Transforms.CopyColumns("Label", "Weight").Fit(Data).Transform(Data));
        var trainer = MLContext.Regression.Trainers.TwoLayerNetwork(new TwoLayerNetworkRegressionTrainer.Options
        {
            CheckpointPath = Path,
            ResumeFromCheckpoint = true,
        });

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => trainer.Fit(rows));

        Assert.Contains("task was Multiclass and is Regression. ", e.Message, StringComparison.Ordinal);
        Assert.Empty(rows.Asked);
    }

    [Fact]
    public void Another_number_of_features_is_refused_unread()
    {
        Interrupt(_ => { }, 3);
        var rows = new CountingDataView(
            MLContext.Transforms.Concatenate("Features", "Features", "Weight").Fit(Data).Transform(Data));

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(o => Resume(o, _ => { }), rows));

        Assert.Contains("network was 4-6-3 and is 5-6-3. ", e.Message, StringComparison.Ordinal);
        Assert.Empty(rows.Asked);
    }

    // As a release with another order of additions would find it.
    [Fact]
    public void Another_revision_of_the_arithmetic_is_refused_unread()
    {
        Interrupt(_ => { }, 3);
        byte[] content = File.ReadAllBytes(Path)[..^SHA256.HashSizeInBytes];
        byte[] name = Encoding.UTF8.GetBytes("revision of the arithmetic");
        int digit = content.AsSpan().IndexOf(name) + name.Length + sizeof(int);
        content[digit] = (byte)'9';
        File.WriteAllBytes(Path, [.. content, .. SHA256.HashData(content)]);
        var rows = new CountingDataView(Data);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(o => Resume(o, _ => { }), rows));

        Assert.Contains("revision of the arithmetic was 9 and is ", e.Message, StringComparison.Ordinal);
        Assert.Empty(rows.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_path_that_cannot_be_written_is_refused_unread(bool resume)
    {
        var rows = new CountingDataView(Data);

        Assert.Throws<IOException>(() => Fit(o => (o.CheckpointPath, o.ResumeFromCheckpoint) = (Folder, resume), rows));

        Assert.Empty(rows.Asked);
    }

    [Fact]
    public void A_damaged_file_is_refused_unread()
    {
        Interrupt(_ => { }, 3);
        byte[] content = File.ReadAllBytes(Path);
        content[^40] ^= 1;
        File.WriteAllBytes(Path, content);
        var rows = new CountingDataView(Data);

        Assert.Throws<InvalidDataException>(() => Fit(o => Resume(o, _ => { }), rows));

        Assert.Empty(rows.Asked);
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel)]
    [InlineData(DistributionMode.ModelParallel)]
    [InlineData(DistributionMode.Averaging)]
    public void All_ranks_refuse_the_changed_option_and_none_opens_a_cursor(DistributionMode mode)
    {
        void Divided(Options o, ICollective? collective) =>
            (o.Distribution, o.Collective, o.Shards) = (mode, collective, mode == DistributionMode.ModelParallel ? null : 3);
        ThreadCollective.Run(3, collective => Fit(o =>
        {
            Divided(o, collective);
            o.CheckpointPath = Path;
        }));
        Assert.True(File.Exists(Path));
        CountingDataView[] rows = [.. Enumerable.Range(0, 3).Select(_ => new CountingDataView(Data))];

        (TwoLayerNetworkTransformer? Result, Exception? Failure)[] ranks = ThreadCollective.Run(3, collective => Fit(
            o => Resume(o, _ =>
            {
                Divided(o, collective);
                o.HiddenDropout = 0.5f;
            }),
            rows[collective.Rank]));

        Assert.All(ranks, rank => Assert.StartsWith(
            $"The checkpoint '{Path}' belongs to another training: HiddenDropout was 0 and is 0.5. ",
            rank.Failure?.Message, StringComparison.Ordinal));
        Assert.All(rows, view => Assert.Empty(view.Asked));
    }
}
