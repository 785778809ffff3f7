using System.Buffers.Binary;
using System.Security.Cryptography;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A checkpoint keeps the search for the strength of regularization.</summary>
public sealed class ResumedSearchTests : CheckpointedTraining
{
    /// <summary>Behind magic, version, the number of candidates, folds, rows and the chosen one: see docs/model-format.md.</summary>
    private const int FirstCandidate = 28;

    [Fact]
    public void Resume_AfterASearch_GivesTheSameBytesAndTheSameSearch()
    {
        TwoLayerNetworkTransformer expected = Fit(Search);
        Interrupt(Search, 3);

        TwoLayerNetworkTransformer actual = Fit(options => Resume(options, Search));

        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(actual.Model));
        Assert.Equal(
            expected.History.Options.Single(option => option.Key == nameof(Options.L2Regularization)),
            actual.History.Options.Single(option => option.Key == nameof(Options.L2Regularization)));
        Assert.Equal(expected.History.RegularizationSearch!.Candidates, actual.History.RegularizationSearch!.Candidates);
        Assert.Equal(expected.History.RegularizationSearch.Chosen, actual.History.RegularizationSearch.Chosen);
    }

    [Fact]
    public void Resume_AfterASearch_TakesItsLossesFromTheFileAndDoesNotSearchAgain()
    {
        Interrupt(Search, 3);
        Change(FirstCandidate + sizeof(double), 123.456);                          // no search can find this log-loss

        TwoLayerNetworkTransformer resumed = Fit(options => Resume(options, Search));

        Assert.Equal(123.456, resumed.History.RegularizationSearch!.Candidates[0].Loss);
    }

    [Fact]
    public void Resume_ChosenStrengthIsAnother_IsRefusedByTheOption()
    {
        Interrupt(Search, 3);
        int chosen = BinaryPrimitives.ReadInt32LittleEndian(File.ReadAllBytes(Path).AsSpan(FirstCandidate - sizeof(int)));
        Change(FirstCandidate + chosen * 2 * sizeof(double), 33);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(options => Resume(options, Search)));

        Assert.StartsWith(
            $"The checkpoint '{Path}' belongs to another training: L2Regularization was ", e.Message, StringComparison.Ordinal);
        Assert.Contains(" and is 0.55. ", e.Message, StringComparison.Ordinal);    // 33 / 60 rows
    }

    [Fact]
    public void Resume_NoSearchInTheFile_SearchesAndRefusesAnotherStrength()
    {
        Interrupt(options => (options.Optimizer, options.L2Regularization) = (Optimizer.Lbfgs, 0.375f), 3);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(options => Resume(options, Search)));

        Assert.StartsWith(
            $"The checkpoint '{Path}' belongs to another training: L2Regularization was 0.375 and is ", e.Message,
            StringComparison.Ordinal);
    }

    private static void Search(Options options) => options.Optimizer = Optimizer.Lbfgs;

    private void Change(int place, double value)
    {
        byte[] content = File.ReadAllBytes(Path)[..^SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteDoubleLittleEndian(content.AsSpan(place), value);
        File.WriteAllBytes(Path, [.. content, .. SHA256.HashData(content)]);
    }
}
