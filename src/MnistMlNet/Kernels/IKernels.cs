using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>
/// The innermost loops of training and scoring, called a few times per batch. They work on spans and pinned memory, and allocate nothing.
/// </summary>
/// <remarks>
/// Forward and backward pass of both layers consist of products that are added to the output: dense ones, and sparse ones for different
/// layouts of the entries, <see cref="MultiplyRows"/> forward, <see cref="ScatterRows"/> or <see cref="MultiplyTransposed"/> for gradients,
/// and <see cref="MultiplyGathered"/> and <see cref="MultiplySparse"/> for scoring. Widths are multiples of
/// <see cref="AlignedArray.LaneCount"/>, so no kernel has a remainder in that direction.
/// Sums run in ascending order of the inner index for every instruction set, and 0 · w adds nothing,
/// so sparse and dense rows of the same values give the same bits.
/// </remarks>
internal interface IKernels
{
    /// <summary>Gets the instruction set of these kernels.</summary>
    SimdTier Tier { get; }

    /// <summary>Computes <c>output[r, :] += Σₖ left[r, k] · right[k, :]</c>.</summary>
    /// <param name="left">Of any strides. Its rows correspond to those of <paramref name="output"/>, its columns to the rows of
    /// <paramref name="right"/>.</param>
    /// <param name="right">Its columns are contiguous.</param>
    /// <param name="output">Added to; its column count is a multiple of 16.</param>
    void MultiplyDense(MatrixView left, MatrixView right, MatrixSpan output);

    /// <inheritdoc cref="MultiplyDense(MatrixView, MatrixView, MatrixSpan)"/>
    /// <remarks>For rows that are read where they are: it avoids a copy.</remarks>
    /// <param name="left">As many rows as <paramref name="output"/>, as many columns as <paramref name="right"/> has rows.</param>
    void MultiplyDense(AddressedMatrix left, MatrixView right, MatrixSpan output);

    /// <summary>Computes <c>output[:] += Σₙ values[n] · right[indices[n], :]</c>: one sparse row.</summary>
    /// <param name="indices">Rows of <paramref name="right"/>.</param>
    /// <param name="values">The factor of each.</param>
    /// <param name="output">Added to; its length is a multiple of 16.</param>
    void MultiplySparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, MatrixView right, Span<float> output);

    /// <summary>
    /// Computes <c>output[r, :] += Σₙ rows[r, indices[n]] · right[indices[n], :]</c> for n in <c>starts[r] … starts[r + 1] - 1</c>.
    /// </summary>
    /// <remarks>For rows that are stored with their zeros: it avoids a copy of the non-zeros.</remarks>
    /// <param name="starts">One more than there are rows, ascending: positions in <paramref name="indices"/>.</param>
    /// <param name="indices">Columns of <paramref name="rows"/> and rows of <paramref name="right"/>.</param>
    /// <param name="rows">Its columns are contiguous.</param>
    /// <param name="output">Added to; its column count is a multiple of 16.</param>
    void MultiplyGathered(ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, MatrixView rows, MatrixView right, MatrixSpan output);

    /// <summary>Computes <c>output[r, :] += Σ x · right[i, :]</c> over the entries (i, x) of each row r.</summary>
    /// <remarks>The rows are read in place, in any order.</remarks>
    /// <param name="rows">Rows of one storage, so that their indices have the same width.</param>
    /// <param name="output">Added to; its column count is a multiple of 16.</param>
    void MultiplyRows(ReadOnlySpan<SparseRow> rows, MatrixView right, MatrixSpan output);

    /// <summary>Computes <c>output[i - firstIndex, :] += x · right[r, :]</c> for every entry (i, x) of every row r.</summary>
    /// <param name="rows">Rows of one storage, so that their indices have the same width.</param>
    /// <param name="firstIndex">All indices lie within firstIndex … firstIndex + rows of <paramref name="output"/> - 1.</param>
    /// <param name="output">Added to; its column count is a multiple of 16.</param>
    /// <remarks>
    /// Adds the same terms in the same order as <see cref="MultiplyTransposed"/> does for the transposed batch. It avoids transposition,
    /// but reads and writes a sum for every entry, which is faster only while those sums are in a near cache.
    /// </remarks>
    void ScatterRows(ReadOnlySpan<SparseRow> rows, int firstIndex, MatrixView right, MatrixSpan output);

    /// <summary>Computes <c>output[i, :] += Σ x · right[r, :]</c> over the entries (x, r) of each group i.</summary>
    /// <param name="counts">The number of entries of each group.</param>
    /// <param name="entries">The entries of group i start at <c>i · groupStride</c>.</param>
    /// <param name="groupStride">The distance between the groups in <paramref name="entries"/>.</param>
    /// <param name="output">Added to; its column count is a multiple of 16.</param>
    void MultiplyTransposed(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, MatrixView right, MatrixSpan output);

    /// <summary>Computes <c>a = f(z)</c>; the length is a multiple of 16.</summary>
    /// <param name="activations">As long as <paramref name="preActivations"/>, or the same memory.</param>
    void Activate(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations);

    /// <summary>Replaces <c>gradient</c> by <c>gradient · f'(z)</c>.</summary>
    /// <param name="values">z if <see cref="ActivationFunctions.NeedsPreActivation"/>, else <c>a = f(z)</c>.</param>
    void MultiplyByDerivative(Activation activation, ReadOnlySpan<float> values, Span<float> gradient);

    /// <summary>
    /// Softmax and cross-entropy: replaces the logits of each row by <c>scale · weight · (softmax(logits) - oneHot(label))</c>.
    /// </summary>
    /// <param name="logits">Overwritten by the gradient; the column count is a multiple of 16. Lanes beyond the classes must be far below
    /// every logit.</param>
    /// <param name="labels">The 0-based class of each row.</param>
    /// <param name="weights">The weight of each row.</param>
    /// <param name="scale">The common factor of all rows, in addition to the weight: 1 / batch size.</param>
    /// <param name="losses">Receives <c>-ln softmax(logits)[label]</c> of each row in nats, neither scaled nor weighted.</param>
    /// <param name="predicted">Receives the class of each row's largest logit, the first one among equals.</param>
    void SoftmaxCrossEntropy(
        MatrixSpan logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses, Span<int> predicted);

    /// <summary>Softmax of each row, in place; the column count is a multiple of 16.</summary>
    void Softmax(MatrixSpan logits);

    /// <summary>
    /// Losses of independent outputs: turns the logits of each row into <c>scale · weight / K · dL/dz</c>.
    /// </summary>
    /// <param name="logits">Overwritten by the gradient; the column count is a multiple of 16.</param>
    /// <param name="targets">The targets y of each row, as wide as <paramref name="logits"/>; NaN where an output has none.</param>
    /// <param name="weights">The weight of each row.</param>
    /// <param name="losses">Gets the loss of each row, the mean over its K outputs, neither scaled nor weighted.</param>
    void ElementLoss(in ElementLossStep step, MatrixSpan logits, MatrixView targets, ReadOnlySpan<float> weights, Span<float> losses);

    /// <summary>One Adam update of a range of parameters; see <see cref="AdamStep"/> for the formula.</summary>
    void Adam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment, in AdamStep step);

    /// <summary>Several Adam updates of a range of parameters with a gradient of 0; see <see cref="AdamIdleSteps"/>.</summary>
    void AdamIdle(Span<float> parameters, Span<float> firstMoment, Span<float> secondMoment, AdamIdleSteps steps);

    /// <summary>One update by gradient descent; see <see cref="GradientDescentStep"/> for the formula.</summary>
    void GradientDescent(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, in GradientDescentStep step);

    /// <summary>Sets entries to 0 at random and multiplies the others by <paramref name="scale"/>.</summary>
    /// <param name="values">Changed in place.</param>
    /// <param name="indices">The index of each value; empty for consecutive indices from <paramref name="firstIndex"/>.</param>
    /// <param name="firstIndex">The index of the first value if <paramref name="indices"/> is empty; otherwise not used.</param>
    /// <param name="key">Selects the random numbers.</param>
    /// <param name="threshold">The probability of a 0, times 2³².</param>
    /// <param name="scale">The factor of the values that are kept.</param>
    void Dropout(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale);

    /// <summary>Lists the positions of <paramref name="row"/> whose value isn't 0, in order.</summary>
    /// <returns>The number of positions; <paramref name="indices"/> must be as long as the row.</returns>
    int ListNonZeros(ReadOnlySpan<float> row, Span<int> indices);
}
