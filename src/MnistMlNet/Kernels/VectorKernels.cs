namespace MnistMlNet.Kernels;

/// <summary>The vector forms, compiled for each vector width.</summary>
/// <remarks>
/// The loops of a training step must not be inlined: when the JIT decided, batches of 64 at H = 32 took 2 to 6 % longer at best, and a
/// quarter longer at the median.
/// </remarks>
internal sealed class VectorKernels<TSimd, TVector>(SimdTier tier) : IKernels
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public SimdTier Tier => tier;

    public void MultiplyDense(MatrixView left, MatrixView right, MatrixSpan output) =>
        DenseProduct.Vector<TSimd, TVector>(left, right, output);

    public void MultiplyDense(AddressedMatrix left, MatrixView right, MatrixSpan output) =>
        DenseProduct.Vector<TSimd, TVector>(left, right, output);

    public void MultiplySparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, MatrixView right, Span<float> output) =>
        SparseProduct.Vector<TSimd, TVector>(indices, values, right, output);

    public void MultiplyGathered(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, MatrixView rows, MatrixView right, MatrixSpan output) =>
        GatheredProduct.Vector<TSimd, TVector>(starts, indices, rows, right, output);

    public void MultiplyRows(ReadOnlySpan<SparseRow> rows, MatrixView right, MatrixSpan output) =>
        SparseRowProduct.Vector<TSimd, TVector>(rows, right, output);

    public void ScatterRows(ReadOnlySpan<SparseRow> rows, int firstIndex, MatrixView right, MatrixSpan output) =>
        SparseScatter.Vector<TSimd, TVector>(rows, firstIndex, right, output);

    public void MultiplyTransposed(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, MatrixView right, MatrixSpan output) =>
        TransposedProduct.Vector<TSimd, TVector>(counts, entries, groupStride, right, output);

    public void Activate(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations) =>
        ActivationFunctions.Vector<TSimd, TVector>(activation, preActivations, activations);

    public void MultiplyByDerivative(Activation activation, ReadOnlySpan<float> values, Span<float> gradient) =>
        ActivationFunctions.VectorDerivative<TSimd, TVector>(activation, values, gradient);

    public void SoftmaxCrossEntropy(
        MatrixSpan logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses, Span<int> predicted) =>
        SoftmaxLoss.VectorWithLoss<TSimd, TVector>(logits, labels, weights, scale, losses, predicted);

    public void Softmax(MatrixSpan logits) => SoftmaxLoss.Vector<TSimd, TVector>(logits);

    public void ElementLoss(
        in ElementLossStep step, MatrixSpan logits, MatrixView targets, ReadOnlySpan<float> weights, Span<float> losses) =>
        Kernels.ElementLoss.Vector<TSimd, TVector>(step, logits, targets, weights, losses);

    public void Adam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment,
        in AdamStep step) =>
        AdamUpdate.Vector<TSimd, TVector>(parameters, gradient, firstMoment, secondMoment, step);

    public void AdamIdle(Span<float> parameters, Span<float> firstMoment, Span<float> secondMoment, AdamIdleSteps steps) =>
        AdamIdleUpdate.Vector<TSimd, TVector>(parameters, firstMoment, secondMoment, steps);

    public void GradientDescent(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, in GradientDescentStep step) =>
        GradientDescentUpdate.Vector<TSimd, TVector>(parameters, gradient, velocity, step);

    public void Dropout(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale) =>
        DropoutMask.Vector(values, indices, firstIndex, key, threshold, scale);

    public int ListNonZeros(ReadOnlySpan<float> row, Span<int> indices) => NonZeros.Vector<TSimd, TVector>(row, indices);
}
