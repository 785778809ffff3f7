using Microsoft.ML;
using MnistMlNet.Extensibility;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>The expected bytes are those of docs/model-format.md, written by hand in <see cref="PayloadBytes"/>.</summary>
public sealed class ModelFormatTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>The field, its bytes, and words of the expected error.</summary>
    public static TheoryData<string, byte[], string[]> Damages
    {
        get
        {
            byte[] huge = PayloadBytes.Int32(int.MaxValue);
            var damages = new TheoryData<string, byte[], string[]>
            {
                { "magic", "PK\u0003\u0004\r\n\u001A\n"u8.ToArray(), ["magic"] },
                { "magic", "TLNN\n\n\u001A\n"u8.ToArray(), ["magic"] },
                { "formatVersion", PayloadBytes.Int32(3), ["version 3", "reads up to 1", "Update"] },
                { "formatVersion", PayloadBytes.Int32(0), ["formatVersion is 0"] },
                { "inputCount", PayloadBytes.Int32(3),
                    ["sha256|hiddenBiases|outputWeights|stopDescription|hiddenWeights|outputBiases|epoch|threshold"] },
                { "outputCount", PayloadBytes.Int32(1), ["outputCount is 1"] },
                { "task", [4], ["task is 4", "0 to 3"] },
                { "task", [1], ["link is Softmax", "the task Binary"] },
                { "activation", [8], ["activation is 8", "0 to 7"] },
                { "link", [4], ["link is 4", "0 to 3"] },
                { "link", [2], ["link is Identity", "the task Multiclass"] },
                { "isVector", [2], ["isVector is 2"] },
                { "outputNameCount", PayloadBytes.Int32(1), ["outputNameCount is 1", "0 or outputCount, 2"] },
                { "outputNameCount", PayloadBytes.Int32(-1), ["outputNameCount is -1"] },
                { "thresholdCount", PayloadBytes.Int32(3), ["thresholdCount is 3", "0 or outputCount, 2"] },
                { "featureColumnName", PayloadBytes.Int32(0), ["featureColumnName is empty"] },
                { "featureColumnName", [.. PayloadBytes.Int32(2), 0xC3, 0x28], ["featureColumnName", "UTF-8"] },
                { "featureColumnName", [.. PayloadBytes.Int32(65_537), .. new byte[65_537]], ["featureColumnName length is 65537"] },
                { "labelKind", [16], ["labelKind is 16"] },
                { "labelKind", [2], ["label"] },
                { "labelValues", [.. PayloadBytes.Text("ja"), .. PayloadBytes.Int32(1), 0xFF], ["labelValue", "UTF-8"] },
                { "batchSize", PayloadBytes.Int32(-1), ["batchSize is -1"] },
                { "bestEpoch", PayloadBytes.Int32(-1), ["bestEpoch is -1"] },
                { "rowsTrained", PayloadBytes.Int64(-1), ["rowsTrained is -1"] },
                { "rowsSkipped", PayloadBytes.Int64(long.MinValue), ["rowsSkipped is -9223372036854775808"] },
                { "epochCount", PayloadBytes.Int32(20), ["epochs", "needs"] },
                { "epochCount", PayloadBytes.Int32(16_777_217), ["epochCount is 16777217"] },
                { "optionCount", PayloadBytes.Int32(-1), ["optionCount is -1"] },
                { "optionCount", PayloadBytes.Int32((1 << 25) + 1), ["optionCount is 33554433"] },
                { "optionCount", PayloadBytes.Int32(1_048_576), ["options", "needs"] },
                { "options", [.. PayloadBytes.Text("HiddenUnits"), .. PayloadBytes.Int32(1), 0x80], ["option value", "UTF-8"] },
                { "candidateCount", PayloadBytes.Int32(-1), ["candidateCount is -1"] },
                { "candidateCount", PayloadBytes.Int32(1025), ["candidateCount is 1025", "0 to 1024"] },
                { "candidateCount", PayloadBytes.Int32(1024), ["candidates", "needs"] },
                { "candidateCount", PayloadBytes.Int32(0), ["sha256"] },
                { "foldCount", PayloadBytes.Int32(-1), ["foldCount is -1"] },
                { "searchRowCount", PayloadBytes.Int32(-1), ["searchRowCount is -1"] },
                { "chosenCandidate", PayloadBytes.Int32(2), ["chosenCandidate is 2", "0 to 1"] },
                { "chosenCandidate", PayloadBytes.Int32(-1), ["chosenCandidate is -1"] },
                { "candidates", [.. new PayloadBytes()["candidates"][..16], .. PayloadBytes.Double(double.NaN), .. PayloadBytes.Double(1)],
                    ["strength is NaN in candidate 1"] },
                { "candidates", [.. PayloadBytes.Double(-1), .. new PayloadBytes()["candidates"][8..]], ["strength is -1 in candidate 0"] },
                { "stopReason", [5], ["stopReason is 5", "0 to 4"] },
                { "stopDescription", [.. PayloadBytes.Int32(1), 0x80], ["stopDescription", "UTF-8"] },
            };
            foreach (string count in new[] { "inputCount", "hiddenUnits", "outputCount" })
            {
                damages.Add(count, PayloadBytes.Int32(0), [$"{count} is 0"]);
                damages.Add(count, PayloadBytes.Int32(-1), [$"{count} is -1"]);
                damages.Add(count, huge, [$"{count} is 2147483647", "16777216"]);
                damages.Add(count, PayloadBytes.Int32(16_777_216), ["needs"]);
            }

            foreach (string text in new[] { "featureColumnName", "stopDescription" })
            {
                damages.Add(text, huge, [$"{text} length is 2147483647"]);
                damages.Add(text, PayloadBytes.Int32(-1), [$"{text} length is -1"]);
                damages.Add(text, PayloadBytes.Int32(65_536), [text, "needs 65536 bytes"]);
            }

            foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                damages.Add("hiddenWeights", [.. PayloadBytes.Single(0), .. PayloadBytes.Single(value)], ["hiddenWeights[1]", "finite"]);
                damages.Add("hiddenBiases", PayloadBytes.Single(value), ["hiddenBiases[0]", "finite"]);
                damages.Add("outputWeights", [.. PayloadBytes.Single(value), .. PayloadBytes.Single(0)], ["outputWeights[0]", "finite"]);
                damages.Add("outputBiases", [.. PayloadBytes.Single(0), .. PayloadBytes.Single(value)], ["outputBiases[1]", "finite"]);
            }

            return damages;
        }
    }

    [Fact]
    public void Read_BytesWrittenByHand_GivesEveryField()
    {
        TwoLayerNetworkTransformer transformer = Read(new PayloadBytes().ToArray());

        TwoLayerNetworkModelParameters model = transformer.Model;
        Assert.Equal((2, 1, 2, Activation.Tanh), (model.InputCount, model.HiddenUnits, model.ClassCount, model.Activation));
        Assert.Equal([0.5f, -0.25f, 0.1f, 2, -1, 0.3f, 0], Examples.Parameters(model));
        Assert.Equal(["ja", "nein"], model.ClassNames.ToArray());
        Assert.Equal("Größe", transformer.FeatureColumnName);
        TrainingHistory history = transformer.History;
        Assert.Equal(("enough", 10_000_000_000, 3, 64, 1),
            (history.StopDescription, history.RowsTrained, history.RowsSkipped, history.BatchSize, history.BestEpoch));
        Assert.Equal([new TrainingEpoch(1, 0.5, 0.75, null, null, 0.01f, TimeSpan.FromSeconds(1))], history.Epochs);
        Assert.Equal([new("HiddenUnits", "1")], history.Options);
        RegularizationSearchResult search = Assert.IsType<RegularizationSearchResult>(history.RegularizationSearch);
        Assert.Equal((5, 300, new(1, 0.75)), (search.FoldCount, search.RowCount, search.Chosen));
        Assert.Equal([new(0.1, double.PositiveInfinity), new(1, 0.75)], search.Candidates);
    }

    [Fact]
    public void Read_NoCandidates_GivesNoSearch()
    {
        var payload = new PayloadBytes { ["candidateCount"] = PayloadBytes.Int32(0) };
        foreach (string field in new[] { "foldCount", "searchRowCount", "chosenCandidate", "candidates" })
        {
            payload[field] = [];
        }

        TwoLayerNetworkTransformer transformer = Read(payload.ToArray());

        Assert.Null(transformer.History.RegularizationSearch);
        using var stream = new MemoryStream();
        transformer.WritePayload(stream);
        Assert.Equal(payload.ToArray(), stream.ToArray());
    }

    // An accuracy is always a number, so NaN means that there was no validation; a loss of NaN is a value.
    [Fact]
    public void Read_ValidationLossThatIsNaN_StaysNaN()
    {
        byte[] epoch =
        [
            .. PayloadBytes.Int32(1), .. PayloadBytes.Double(0.5), .. PayloadBytes.Double(0.75), .. PayloadBytes.Double(double.NaN),
            .. PayloadBytes.Double(0.25),
            .. PayloadBytes.Single(0.01f), .. PayloadBytes.Int64(1), 1,
            .. Enumerable.Repeat(PayloadBytes.Double(double.NaN), 4).SelectMany(bytes => bytes),
        ];

        TrainingEpoch read = Assert.Single(Read(new PayloadBytes { ["epochs"] = epoch }.ToArray()).History.Epochs);

        Assert.Equal((double.NaN, 0.25), (read.ValidationLoss, read.ValidationAccuracy));
    }

    [Fact]
    public void Write_WhatWasReadFromBytesWrittenByHand_GivesTheseBytes()
    {
        byte[] expected = new PayloadBytes().ToArray();
        using var stream = new MemoryStream();

        Read(expected).WritePayload(stream);

        Assert.Equal(expected, stream.ToArray());
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Read_DamagedField_IsRefusedByNameWithoutAHugeAllocation(string field, byte[] bytes, string[] words)
    {
        var payload = new PayloadBytes { [field] = bytes };
        AssertRefused(payload.ToArray(), words);
    }

    [Fact]
    public void Read_CountsThatAreRightAloneButTooLargeTogether_AreRefusedWithoutAHugeAllocation() => AssertRefused(
        new PayloadBytes
        {
            ["inputCount"] = PayloadBytes.Int32(16_777_216),
            ["hiddenUnits"] = PayloadBytes.Int32(16_777_216),
            ["outputCount"] = PayloadBytes.Int32(2)
        }.ToArray(),
        ["needs|together"]);

    [Fact]
    public void Read_TruncatedAnywhere_IsRefusedByName()
    {
        byte[] payload = new PayloadBytes().ToArray();

        for (int length = 0; length < payload.Length; length++)
        {
            AssertRefused(payload[..length], ["needs"]);
        }
    }

    [Fact]
    public void Read_AnyBitFlipped_IsRefused()
    {
        byte[] payload = new PayloadBytes().ToArray();

        for (int bit = 0; bit < payload.Length * 8; bit++)
        {
            byte[] flipped = [.. payload];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Exception e = Record.Exception(() => Read(flipped));
            Assert.True(e is InvalidDataException or FormatException, $"Bit {bit}: {e}");
        }
    }

    [Fact]
    public void Read_WeightThatIsAnotherFiniteNumber_IsRefusedByTheChecksum()
    {
        byte[] payload = new PayloadBytes().ToArray();
        payload[new PayloadBytes().Offset("outputWeights") + 1] ^= 1;

        AssertRefused(payload, ["sha256", "damaged"]);
    }

    [Fact]
    public void Read_TrailingBytes_AreRefused() => AssertRefused([.. new PayloadBytes().ToArray(), 0], ["1 bytes follow after sha256"]);

    private void AssertRefused(byte[] payload, string[] words)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Exception e = Record.Exception(() => Read(payload));

        // The payloads here have some 300 bytes, one has 64 KB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.True(e is InvalidDataException or FormatException, $"{e}");
        Assert.All(words, word =>
            Assert.Contains(word.Split('|'), alternative => e.Message.Contains(alternative, StringComparison.Ordinal)));
    }

    private TwoLayerNetworkTransformer Read(byte[] payload) =>
        (TwoLayerNetworkTransformer)ModelFormat.ReadTransformer(_mlContext.Model.GetEnvironment(), new MemoryStream(payload));
}
