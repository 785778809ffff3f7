using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Data;

public class FeatureScaleTests
{
    [Theory]
    [InlineData(new float[] { 0, 1, -10 }, false)]
    [InlineData(new float[] { 0, 1, 10.5f }, true)]
    [InlineData(new float[] { 0, 1, -10.5f }, true)]
    [InlineData(null, false)]                                                  // marked as normalized
    public void Features_above_ten_that_are_not_marked_as_normalized_are_scaled(float[]? magnitudes, bool scaled) =>
        Assert.Equal(
            scaled, FeatureScale.Create(
            Set(SampleRows.Random(seed: 1, rowCount: 2, inputCount: 3, classCount: 2), magnitudes)) is not null);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_are_divided_by_each_inputs_largest_magnitude_but_small_ones_stay(bool sparse)
    {
        // Largest magnitudes 0.5 (stays), 4, 256 and 0 (an input that is always 0).
        PackedRows rows = new SampleRows(4, [0.5f, 4, -256, 0, 0.25f, -2, 64, 0], [0, 1], null).Pack(sparse);
        FeatureScale scale = FeatureScale.Create(
            new TrainingSet(rows, new SkippedRows(), [], [0.5f, 4, -256, 0]) { ClassWeightSums = [] })!;
        var parameters = new NetworkParameters(new NetworkShape(4, 1, 2, Activation.Identity));
        parameters.FromRowMajor([1, 1, 1, 1], [0], [1, 0], [0, 0]);

        scale.ScaleRows(rows);

        // With all weights 1 the hidden unit is the row's sum: 0.5 + 1 - 1 = 0.5 and 0.25 - 0.5 + 0.25 = 0. All exact.
        IKernels kernels = KernelSelector.Best;
        var pass = new NetworkPass(kernels, parameters, OutputHead.Create(kernels, parameters), sparse, 2);
        Workspace workspace = pass.Workspace;
        pass.Batch.RowCount = 2;
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            rows.Gather([0, 1], [], pass.Batch, inputBlock, 0, 2);
        }

        pass.ComputeForward(0, 2);
        Assert.Equal((0.5f, 0f), (workspace.Activations.Span[0], workspace.Activations.Span[workspace.ActivationStride]));

        parameters.ScaleInputs(scale.Factors);
        Assert.Equal([1, 0.25f, 1f / 256, 1, 0, 1, 0, 0, 0], FlatParameters.Of(parameters));
        parameters.ScaleInputs(scale.Scales);
        Assert.Equal([1, 1, 1, 1, 0, 1, 0, 0, 0], FlatParameters.Of(parameters));
        Assert.Contains("'Pixels' has values up to 256", scale.Warning("Pixels"), StringComparison.Ordinal);
    }

    private static TrainingSet Set(SampleRows rows, float[]? magnitudes) =>
        new(rows.Pack(sparse: true), new SkippedRows(), [], magnitudes) { ClassWeightSums = [] };
}
