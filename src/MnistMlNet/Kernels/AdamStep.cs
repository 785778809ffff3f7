namespace MnistMlNet.Kernels;

/// <summary>The scalars of one Adam update (Kingma and Ba 2015, arXiv:1412.6980; decoupled decay: Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
/// <remarks>
/// <c>m ← m + (1 - β₁)(g - m)</c>; <c>v ← v + (1 - β₂)(g² - v)</c>; <c>w ← decay · w - rate · m / (√v · rootScale + ε)</c>
/// (subnormal m and v become 0: <see cref="Subnormal"/>), with <c>rate = η / (1 - β₁ᵗ)</c>, <c>rootScale = 1 / √(1 - β₂ᵗ)</c> and <c>decay = 1 - η λ</c>.
/// </remarks>
internal readonly record struct AdamStep(float OneMinusBeta1, float OneMinusBeta2, float Rate, float RootScale, float Epsilon, float Decay);
