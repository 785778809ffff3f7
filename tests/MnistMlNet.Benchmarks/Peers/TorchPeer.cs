using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>Whether TorchSharp can be measured here.</summary>
internal static class TorchPeer
{
    /// <summary>Gets the reason why not, or null where it can.</summary>
    public static string? WhyNot { get; } = TryLoad();

    /// <summary>Gives the reason, on one line, to print in place of its numbers.</summary>
    public static string Skipped => $"TorchSharp is skipped: its native library doesn't load here ({WhyNot}). See README.md.";

    private static string? TryLoad()
    {
        try
        {
            // The library is loaded explicitly first: if that fails, TorchSharp itself copies half a gigabyte to try again, and hides the
            // linker's reason in a page of log.
            foreach (string library in new[] { "libtorch_cpu.so", "libLibTorchSharp.so" })
            {
                NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, library));
            }

            using Tensor tensor = zeros(1);
            return tensor.item<float>() == 0 ? null : "a zero isn't zero";
        }
        catch (Exception e)
        {
            // Whatever the cause (a missing file, symbol or instruction), the other sides can still be measured.
            Exception cause = e;
            while (cause.InnerException is { } inner)
            {
                cause = inner;
            }

            return cause.Message.Replace(AppContext.BaseDirectory, "", StringComparison.Ordinal).ReplaceLineEndings(" ").Trim();
        }
    }
}
