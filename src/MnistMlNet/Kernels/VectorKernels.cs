namespace MnistMlNet.Kernels;

/// <summary>The vector forms, compiled once for each width.</summary>
/// <remarks>
/// The loops of a training step aren't to be inlined: left to the JIT, batches of 64 at H = 32 took 2 to 6 % longer at best, and a quarter
/// at the median.
/// </remarks>
internal sealed class VectorKernels<TSimd, TVector>(SimdTier tier) : IKernels
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public SimdTier Tier => tier;

    public void MultiplyDense(
        ReadOnlySpan<float> left, int leftRowStride, int leftStep, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int rowCount, int innerCount, int width) =>
        DenseProduct.Vector<TSimd, TVector>(left, leftRowStride, leftStep, right, rightStride, output, outputStride, rowCount, innerCount,
            width);

    public void MultiplySparse(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride, Span<float> output, int width) =>
        SparseProduct.Vector<TSimd, TVector>(indices, values, right, rightStride, output, width);

    public void MultiplyGathered(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> right,
        int rightStride,
        Span<float> output, int outputStride, int width) =>
        GatheredProduct.Vector<TSimd, TVector>(starts, indices, rows, rowStride, right, rightStride, output, outputStride, width);

    public void MultiplyRows(ReadOnlySpan<SparseRow> rows, ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride,
        int width) =>
        SparseRowProduct.Vector<TSimd, TVector>(rows, right, rightStride, output, outputStride, width);

    public void ScatterRows(
        ReadOnlySpan<SparseRow> rows, int firstIndex, ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride,
        int width) =>
        SparseScatter.Vector<TSimd, TVector>(rows, firstIndex, right, rightStride, output, outputStride, width);

    public void MultiplyTransposed(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width) =>
        TransposedProduct.Vector<TSimd, TVector>(counts, entries, groupStride, right, rightStride, output, outputStride, width);

    public void MultiplyByDerivative(Activation activation, ReadOnlySpan<float> activations, Span<float> gradient) =>
        ActivationFunctions.VectorDerivative<TSimd, TVector>(activation, activations, gradient);

    public void SoftmaxCrossEntropy(
        Span<float> logits, int stride, int width, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses,
        Span<int> predicted) =>
        SoftmaxLoss.VectorWithLoss<TSimd, TVector>(logits, stride, width, labels, weights, scale, losses, predicted);

    public void Softmax(Span<float> logits, int stride, int width, int rowCount) =>
        SoftmaxLoss.Vector<TSimd, TVector>(logits, stride, width, rowCount);

    public void Adam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment,
        in AdamStep step) =>
        AdamUpdate.Vector<TSimd, TVector>(parameters, gradient, firstMoment, secondMoment, step);

    public void GradientDescent(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, in GradientDescentStep step) =>
        GradientDescentUpdate.Vector<TSimd, TVector>(parameters, gradient, velocity, step);

    public void Dropout(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale) =>
        DropoutMask.Vector(values, indices, firstIndex, key, threshold, scale);

    public int ListNonZeros(ReadOnlySpan<float> row, Span<int> indices) => NonZeros.Vector<TSimd, TVector>(row, indices);
}
