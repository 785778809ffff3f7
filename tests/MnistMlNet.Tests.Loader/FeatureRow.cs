namespace MnistMlNet.Tests.Loader;

internal sealed class FeatureRow
{
    public float[] Features { get; set; } = [];
}
