namespace MnistMlNet.Kernels;

/// <summary>The reference implementation: plain loops that define the results of the vector kernels. Used without SIMD.</summary>
internal sealed class ScalarKernels : IKernels
{
    public SimdTier Tier => SimdTier.Scalar;

    public void MultiplyDense(MatrixView left, MatrixView right, MatrixSpan output) =>
        DenseProduct.Scalar(left, right, output);

    public void MultiplyDense(AddressedMatrix left, MatrixView right, MatrixSpan output) =>
        DenseProduct.Scalar(left, right, output);

    public void MultiplySparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, MatrixView right, Span<float> output) =>
        SparseProduct.Scalar(indices, values, right, output);

    public void MultiplyGathered(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, MatrixView rows, MatrixView right, MatrixSpan output) =>
        GatheredProduct.Scalar(starts, indices, rows, right, output);

    public void MultiplyRows(ReadOnlySpan<SparseRow> rows, MatrixView right, MatrixSpan output) =>
        SparseRowProduct.Scalar(rows, right, output);

    public void ScatterRows(ReadOnlySpan<SparseRow> rows, int firstIndex, MatrixView right, MatrixSpan output) =>
        SparseScatter.Scalar(rows, firstIndex, right, output);

    public void MultiplyTransposed(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, MatrixView right, MatrixSpan output) =>
        TransposedProduct.Scalar(counts, entries, groupStride, right, output);

    public void Activate(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations) =>
        ActivationFunctions.Scalar(activation, preActivations, activations);

    public void MultiplyByDerivative(Activation activation, ReadOnlySpan<float> values, Span<float> gradient) =>
        ActivationFunctions.ScalarDerivative(activation, values, gradient);

    public void SoftmaxCrossEntropy(
        MatrixSpan logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses, Span<int> predicted) =>
        SoftmaxLoss.ScalarWithLoss(logits, labels, weights, scale, losses, predicted);

    public void Softmax(MatrixSpan logits) => SoftmaxLoss.Scalar(logits);

    public void ElementLoss(
        in ElementLossStep step, MatrixSpan logits, MatrixView targets, ReadOnlySpan<float> weights, Span<float> losses) =>
        Kernels.ElementLoss.Scalar(step, logits, targets, weights, losses);

    public void Adam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment,
        in AdamStep step) =>
        AdamUpdate.Scalar(parameters, gradient, firstMoment, secondMoment, step);

    public void AdamIdle(Span<float> parameters, Span<float> firstMoment, Span<float> secondMoment, AdamIdleSteps steps) =>
        AdamIdleUpdate.Scalar(parameters, firstMoment, secondMoment, steps);

    public void GradientDescent(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, in GradientDescentStep step) =>
        GradientDescentUpdate.Scalar(parameters, gradient, velocity, step);

    public void Dropout(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale) =>
        DropoutMask.Scalar(values, indices, firstIndex, key, threshold, scale);

    public int ListNonZeros(ReadOnlySpan<float> row, Span<int> indices) => NonZeros.Scalar(row, indices);
}
