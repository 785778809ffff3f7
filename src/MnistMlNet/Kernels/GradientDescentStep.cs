namespace MnistMlNet.Kernels;

/// <summary>The scalars of one update by gradient descent with momentum μ.</summary>
/// <remarks>
/// <c>d = g + λ w</c>; <c>u ← μ u - η d</c>; <c>w ← w + u</c>, or with Nesterov's look-ahead
/// <c>w ← w + μ u - η d</c> (Sutskever et al. 2013). Without momentum there is no velocity: <c>w ← w - η d</c>.
/// </remarks>
internal readonly record struct GradientDescentStep(float LearningRate, float Momentum, bool Nesterov, float L2);
