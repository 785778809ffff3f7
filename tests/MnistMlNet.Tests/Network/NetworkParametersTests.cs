using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Network;

[Trait("Category", "HardwareTier")]
public class NetworkParametersTests
{
    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(784, 32, 10)]
    [InlineData(3, 33, 17)]
    public void Blocks_follow_each_other_at_multiples_of_16_and_cover_all(int inputs, int hiddenUnits, int classes)
    {
        var parameters = new NetworkParameters(new NetworkShape(inputs, hiddenUnits, classes, Activation.Relu));
        int[] offsets = [0, parameters.HiddenBiasesOffset, parameters.OutputWeightsOffset, parameters.OutputBiasesOffset,
            parameters.Length];
        int[] lengths = [parameters.HiddenWeights.Length, parameters.HiddenBiases.Length, parameters.OutputWeights.Length,
            parameters.OutputBiases.Length];

        Assert.All(offsets, offset => Assert.Equal(0, offset % 16));
        Assert.Equal(offsets[1..], lengths.Select((length, i) => offsets[i] + length));
    }

    [Fact]
    public void Clone_ChangedAfterwards_LeavesTheOriginal()
    {
        NetworkParameters original = FlatParameters.Random(1, 4, 3, 2, Activation.Tanh);
        float[] before = FlatParameters.Of(original);

        NetworkParameters copy = original.Clone();
        Assert.Equal(before, FlatParameters.Of(copy));
        copy.All.Fill(9);

        Assert.Equal(before, FlatParameters.Of(original));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100_000)]
    public unsafe void An_aligned_array_starts_at_a_multiple_of_64_bytes_and_is_zero(int length)
    {
        for (int attempt = 0; attempt < 8; attempt++)                          // an ordinary array would be aligned in one case of eight
        {
            var array = new AlignedArray(length);
            fixed (float* first = array.Span)
            {
                Assert.Equal(0, (long)first % 64);
            }

            Assert.Equal(length, array.Span.Length);
            Assert.Equal(-1, array.Span.IndexOfAnyExcept(0f));
        }
    }

    [Theory]
    [InlineData(0, 1, 2, "inputCount must be 1 to 16777216")]
    [InlineData(1, 0, 2, "hiddenUnits must be 1 to 16777216")]
    [InlineData(1, 1, 1, "classCount must be 2 to 16777216")]
    [InlineData(16_777_216, 64, 2, "at most 1073741824")]
    public void A_shape_out_of_range_is_refused_by_name(int inputs, int hiddenUnits, int classes, string message)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new NetworkShape(inputs, hiddenUnits, classes, Activation.Relu));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
