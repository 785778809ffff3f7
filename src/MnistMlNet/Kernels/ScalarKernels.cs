namespace MnistMlNet.Kernels;

/// <summary>The scalar twins: plain loops that say what the vector kernels compute, and the tier of last resort.</summary>
internal sealed class ScalarKernels : IKernels
{
    public SimdTier Tier => SimdTier.Scalar;

    public void MultiplyDense(
        ReadOnlySpan<float> left, int leftRowStride, int leftStep, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int rowCount, int innerCount, int width) =>
        DenseProduct.Scalar(left, leftRowStride, leftStep, right, rightStride, output, outputStride, rowCount, innerCount, width);

    public void MultiplySparse(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride, Span<float> output, int width) =>
        SparseProduct.Scalar(indices, values, right, rightStride, output, width);

    public void MultiplyGathered(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> right,
        int rightStride,
        Span<float> output, int outputStride, int width) =>
        GatheredProduct.Scalar(starts, indices, rows, rowStride, right, rightStride, output, outputStride, width);

    public void MultiplyRows(ReadOnlySpan<SparseRow> rows, ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride,
        int width) =>
        SparseRowProduct.Scalar(rows, right, rightStride, output, outputStride, width);

    public void ScatterRows(
        ReadOnlySpan<SparseRow> rows, int firstIndex, ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride,
        int width) =>
        SparseScatter.Scalar(rows, firstIndex, right, rightStride, output, outputStride, width);

    public void MultiplyTransposed(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width) =>
        TransposedProduct.Scalar(counts, entries, groupStride, right, rightStride, output, outputStride, width);

    public void MultiplyByDerivative(Activation activation, ReadOnlySpan<float> activations, Span<float> gradient) =>
        ActivationFunctions.ScalarDerivative(activation, activations, gradient);

    public void SoftmaxCrossEntropy(
        Span<float> logits, int stride, int width, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses,
        Span<int> predicted) =>
        SoftmaxLoss.ScalarWithLoss(logits, stride, width, labels, weights, scale, losses, predicted);

    public void Softmax(Span<float> logits, int stride, int width, int rowCount) => SoftmaxLoss.Scalar(logits, stride, width, rowCount);

    public void Adam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment,
        in AdamStep step) =>
        AdamUpdate.Scalar(parameters, gradient, firstMoment, secondMoment, step);

    public void GradientDescent(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, in GradientDescentStep step) =>
        GradientDescentUpdate.Scalar(parameters, gradient, velocity, step);

    public void Dropout(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale) =>
        DropoutMask.Scalar(values, indices, firstIndex, key, threshold, scale);

    public int ListNonZeros(ReadOnlySpan<float> row, Span<int> indices) => NonZeros.Scalar(row, indices);
}
