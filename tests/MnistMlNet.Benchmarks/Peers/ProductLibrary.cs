namespace MnistMlNet.Benchmarks.Peers;

/// <summary>A native library of matrix products for <see cref="NativePeer"/>.</summary>
/// <param name="Name">The name in tables.</param>
/// <param name="Package">The Debian package with its headers.</param>
/// <param name="CompilerArguments">How the peer is compiled and linked with it.</param>
internal sealed record ProductLibrary(string Name, string Package, params IReadOnlyList<string> CompilerArguments)
{
    public static ProductLibrary OneDnn { get; } = new("oneDNN", "libdnnl-dev", "-ldnnl");

    public static ProductLibrary OpenBlas { get; } = new("OpenBLAS", "libopenblas-dev", "-DUSE_OPENBLAS", "-lopenblas");
}
