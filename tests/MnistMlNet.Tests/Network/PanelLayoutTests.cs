using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

[Trait("Category", "HardwareTier")]
public class PanelLayoutTests
{
    [Theory]
    [InlineData(1, 16, 1)]
    [InlineData(5, 16, 1)]
    [InlineData(16, 16, 1)]
    [InlineData(17, 32, 1)]
    [InlineData(32, 32, 1)]
    [InlineData(33, 48, 1)]
    [InlineData(64, 64, 1)]
    [InlineData(65, 80, 2)]
    [InlineData(100, 112, 2)]
    [InlineData(129, 144, 3)]
    public void Row_major_weights_are_unchanged_by_conversion_to_panels_and_back(int outputs, int paddedOutputs, int panels)
    {
        foreach (int inputs in (int[])[1, 3, 7, 64])
        {
            var layout = new PanelLayout(inputs, outputs);
            float[] source = [.. Enumerable.Range(1, outputs * inputs).Select(i => (float)i)];
            float[] stored = new float[layout.Length], destination = new float[source.Length];

            layout.FromRowMajor(source, stored);
            layout.ToRowMajor(stored, destination);

            Assert.Equal(paddedOutputs, layout.PaddedOutputCount);
            Assert.Equal(panels, layout.PanelCount);
            Assert.Equal(inputs * paddedOutputs, layout.Length);
            Assert.Equal(source, destination);
            Assert.Equal(source.Length, stored.Count(x => x != 0));            // all else is padding
        }
    }

    [Fact]
    public void Weights_of_one_input_are_contiguous_in_panels_of_64_and_16()
    {
        // 72 outputs of 3 inputs: a panel of 64 (outputs 0..63) and one of 16 (outputs 64..71 and padding).
        var layout = new PanelLayout(3, 72);
        float[] source = [.. Enumerable.Range(0, 72).SelectMany(o => Enumerable.Range(0, 3).Select(i => 1000f * i + o))];
        float[] stored = new float[layout.Length];

        layout.FromRowMajor(source, stored);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Enumerable.Range(0, 64).Select(o => 1000f * i + o), stored.AsSpan(i * 64, 64).ToArray());
            Assert.Equal(Enumerable.Range(64, 8).Select(o => 1000f * i + o), stored.AsSpan(3 * 64 + i * 16, 8).ToArray());
            Assert.Equal(new float[8], stored.AsSpan(3 * 64 + i * 16 + 8, 8).ToArray());
        }
    }
}
